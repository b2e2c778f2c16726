package org.jzoo.examples.cli;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jzoo.blocks.kernel.Precision;

/**
 * The command lines by which figures are measured again, from what the figures say of themselves.
 */
final class MadeBy {

    private final StringBuilder words;

    private MadeBy(String words) {
        this.words = new StringBuilder(words);
    }

    /** A command line for all figures whose options are alike, joined by {@code &&}. */
    static <F> String of(String recipe, List<F> figures, Function<F, MadeBy> options) {
        return figures.stream()
                .map(figure -> options.apply(figure).words.toString())
                .distinct()
                .map(words -> ("jzoo reproduce " + recipe + " " + words).strip())
                .collect(Collectors.joining(" && "));
    }

    /**
     * The same of variants: where options differ, each command line names the variants that were
     * run with them.
     */
    static <F> String of(
            String recipe,
            List<F> figures,
            Function<F, String> variant,
            Function<F, MadeBy> options) {
        long kinds =
                figures.stream().map(f -> options.apply(f).words.toString()).distinct().count();
        return kinds == 1
                ? of(recipe, figures, options)
                : naming(recipe, "variants", figures, variant, options);
    }

    /**
     * The same, each command line with an option that names what was run so.
     *
     * @param option its name, such as "variants"
     * @param name what it says of a figure
     */
    static <F> String naming(
            String recipe,
            String option,
            List<F> figures,
            Function<F, String> name,
            Function<F, MadeBy> options) {
        Map<String, Set<String>> names = new LinkedHashMap<>();
        figures.forEach(
                figure ->
                        names.computeIfAbsent(
                                        options.apply(figure).words.toString(),
                                        words -> new LinkedHashSet<>())
                                .add(name.apply(figure)));
        return of(
                recipe,
                List.copyOf(names.entrySet()),
                same ->
                        options(same.getKey())
                                .add(
                                        "--%s %s"
                                                .formatted(
                                                        option,
                                                        String.join(",", same.getValue()))));
    }

    /** Options that are always given. */
    static MadeBy options(String given) {
        return new MadeBy(given);
    }

    /** Adds an option unless it has its usual value. */
    MadeBy with(String option, Object value, Object usual) {
        return value.equals(usual) ? this : add("--%s %s".formatted(option, value));
    }

    /** Adds an option that is a share, unless it has its usual value. */
    MadeBy withShare(String option, double share, double usual) {
        String percent =
                String.format(Locale.ROOT, "%.2f", 100 * share).replaceFirst("\\.?0+$", "");
        return share == usual ? this : add("--%s %s%%".formatted(option, percent));
    }

    /** Adds {@code --bf16} if that was the precision. */
    MadeBy in(String precision) {
        return Precision.BFLOAT16.name().equals(precision) ? add("--bf16") : this;
    }

    /** Adds words as they are. */
    MadeBy add(String word) {
        words.append(words.length() == 0 ? "" : " ").append(word);
        return this;
    }
}
