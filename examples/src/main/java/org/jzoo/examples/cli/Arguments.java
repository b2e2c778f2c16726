package org.jzoo.examples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The arguments of a command, typed and checked: every error names the option and the value. */
public final class Arguments {

    private final CommandLine line;

    Arguments(CommandLine line) {
        this.line = line;
    }

    /** Whether a flag or an option is there. */
    public boolean has(String option) {
        return line.hasOption(option);
    }

    /** What is left when options are taken away. */
    public List<String> rest() {
        return line.getArgList();
    }

    /**
     * Refuses options of other kinds of data or models, which would be without effect.
     *
     * @param own of the kind that is asked for
     * @param kinds the options of every kind
     * @param with what the error calls that kind
     */
    void only(Set<String> own, Collection<Set<String>> kinds, String with) {
        for (Option given : line.getOptions()) {
            String name = given.getLongOpt();
            if (!own.contains(name) && kinds.stream().anyMatch(kind -> kind.contains(name))) {
                throw new UsageException("--%s must be left out with %s".formatted(name, with));
            }
        }
    }

    /**
     * A file or folder that must exist if it is given; null if it is not.
     *
     * @throws UsageException if it does not exist
     */
    Path existingIfGiven(String option) {
        return has(option) ? existing(option) : null;
    }

    /** A text, or the fallback. */
    public String text(String option, String fallback) {
        return line.getOptionValue(option, fallback);
    }

    /**
     * A text that must be there.
     *
     * @throws UsageException if it is not
     */
    public String text(String option) {
        if (!has(option)) {
            throw new UsageException("--%s must be given".formatted(option));
        }
        return line.getOptionValue(option);
    }

    /**
     * The values of an option that may be given several times.
     *
     * @throws UsageException if there is none
     */
    public List<String> texts(String option) {
        text(option);
        return List.of(line.getOptionValues(option));
    }

    /** A whole number of at least {@code min}, or the fallback. */
    public int integer(String option, int fallback, int min) {
        if (!has(option)) {
            return fallback;
        }
        String text = line.getOptionValue(option);
        try {
            int value = Integer.parseInt(text.replace("_", ""));
            if (value >= min) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The message below covers it.
        }
        throw new UsageException(
                "--%s must be a whole number >= %d, got %s".formatted(option, min, text));
    }

    /** A number between the bounds, both included, or the fallback. */
    public double number(String option, double fallback, double min, double max) {
        if (!has(option)) {
            return fallback;
        }
        String text = line.getOptionValue(option);
        try {
            double value = Double.parseDouble(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The message below covers it.
        }
        throw new UsageException(
                "--%s must be a number in [%s, %s], got %s".formatted(option, min, max, text));
    }

    /** One of the constants of an enum, in any case, with - for _; or the fallback. */
    public <E extends Enum<E>> E choice(String option, Class<E> type, E fallback) {
        if (!has(option)) {
            return fallback;
        }
        String text = line.getOptionValue(option);
        String wanted = text.toUpperCase(Locale.ROOT).replace('-', '_');
        return Stream.of(type.getEnumConstants())
                .filter(c -> c.name().equals(wanted))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UsageException(
                                        "--%s must be one of %s, got %s"
                                                .formatted(option, names(type), text)));
    }

    private static List<String> names(Class<? extends Enum<?>> type) {
        return Stream.of(type.getEnumConstants())
                .map(c -> c.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    /** A path, or the fallback. */
    public Path path(String option, Path fallback) {
        return has(option) ? Path.of(line.getOptionValue(option)) : fallback;
    }

    /**
     * A file or folder that exists.
     *
     * @throws UsageException if the option is missing or nothing is there
     */
    public Path existing(String option) {
        Path path = Path.of(text(option));
        if (!Files.exists(path)) {
            throw new UsageException(
                    "--%s must exist, got %s".formatted(option, path.toAbsolutePath()));
        }
        return path;
    }

    /**
     * What --out names.
     *
     * @throws UsageException if it is missing, or something is there and --overwrite is not given
     */
    public Path out() {
        Path path = Path.of(text("out"));
        if (Files.exists(path) && !has("overwrite")) {
            throw new UsageException(
                    "--out must not exist yet, got %s; --overwrite replaces it".formatted(path));
        }
        return path;
    }
}
