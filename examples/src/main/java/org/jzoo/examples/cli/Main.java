package org.jzoo.examples.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.TextHelpAppendable;
import org.jzoo.zoo.weights.NearestName;

/**
 * The entry point: {@code jzoo COMMAND [options]}.
 *
 * <p>Exit codes: 0 success, 1 failure, 2 wrong arguments, 130 interrupted (work is saved).
 */
public final class Main {

    /** Success. */
    public static final int OK = 0;

    /** Something went wrong; the message says what. */
    public static final int FAILED = 1;

    /** The arguments were wrong. */
    public static final int USAGE = 2;

    /** Stopped by Ctrl-C, with its work saved. */
    public static final int INTERRUPTED = 130;

    private static final List<Command> COMMANDS =
            List.of(
                    new QuickstartCommand(),
                    new ListCommand(),
                    new ShowCommand(),
                    new FineTuneCommand(),
                    new EvaluateCommand(),
                    new CompressCommand(),
                    new PredictCommand(),
                    new VqaCommand(),
                    new CaptionCommand(),
                    new AskCommand(),
                    new EmbedCommand(),
                    new GenerateCommand(),
                    new NeedlesCommand(),
                    new ImportCommand(),
                    new QuantizeCommand(),
                    new PublishCommand(),
                    new VerifyCommand(),
                    new DoctorCommand(),
                    new BenchCommand(),
                    new ReproduceCommand(),
                    new ReadmeCommand());

    private Main() {}

    /** Runs and leaves the JVM. */
    public static void main(String[] args) {
        // Results hold any language's letters, whatever the locale says.
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        int code = run(args, new Terminal(out, err));
        out.flush();
        err.flush();
        System.exit(code);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** All commands, in the order of the overview. */
    static List<Command> commands() {
        return COMMANDS;
    }

    /** Runs and returns the exit code. */
    public static int run(String[] args, Terminal terminal) {
        boolean asks = args.length > 0 && List.of("--help", "-h", "help").contains(args[0]);
        if (asks && args.length > 1) { // jzoo help COMMAND is jzoo COMMAND --help
            String[] words = Arrays.copyOfRange(args, 1, args.length + 1);
            words[words.length - 1] = "--help";
            return run(words, terminal);
        }
        if (asks || args.length == 0) {
            overview(terminal);
            return args.length == 0 ? USAGE : OK;
        }
        Command command =
                COMMANDS.stream().filter(c -> c.name().equals(args[0])).findFirst().orElse(null);
        if (command == null) {
            List<String> names = COMMANDS.stream().map(Command::name).toList();
            terminal.remark(
                    "jzoo: command must be one of %s, got %s%s",
                    names, args[0], NearestName.hint(args[0], names));
            return USAGE;
        }
        List<String> words = Arrays.asList(args).subList(1, args.length);
        return run(command.narrowed(words), words.toArray(String[]::new), terminal);
    }

    private static int run(Command command, String[] args, Terminal terminal) {
        Options options = command.options();
        options.addOption(Option.builder("h").longOpt("help").desc("shows this").get());
        try {
            CommandLine line =
                    DefaultParser.builder()
                            .setAllowPartialMatching(false)
                            .get()
                            .parse(options, args);
            if (line.hasOption("help")) {
                help(command, options, terminal);
                return OK;
            }
            check(command, line);
            return command.run(new Arguments(line), terminal);
        } catch (ParseException | UsageException e) {
            terminal.remark(
                    "jzoo %s: %s%s%nTry: jzoo %s --help",
                    command.name(), e.getMessage(), hint(e, options), command.name());
            return USAGE;
        } catch (Exception e) {
            terminal.remark("jzoo %s: %s", command.name(), Failure.message(e));
            if (System.getenv("JZOO_STACKTRACE") != null) {
                e.printStackTrace(terminal.err());
            }
            return FAILED;
        }
    }

    // What would be left out of account is no argument.
    private static void check(Command command, CommandLine line) {
        if (!command.takesWords() && !line.getArgList().isEmpty()) {
            throw new UsageException(
                    "every value must follow its option, one of several words in quotes, got %s"
                            .formatted(String.join(" ", line.getArgList())));
        }
        Set<String> seen = new HashSet<>();
        for (Option option : line.getOptions()) {
            String name = option.getLongOpt();
            if (!seen.add(name) && option.hasArg() && !command.repeatable().contains(name)) {
                throw new UsageException(
                        "--%s must be given once, got %s"
                                .formatted(name, String.join(", ", line.getOptionValues(option))));
            }
        }
    }

    private static String hint(Exception e, Options options) {
        if (!(e instanceof UnrecognizedOptionException unknown)) {
            return "";
        }
        List<String> names =
                options.getOptions().stream().map(option -> "--" + option.getLongOpt()).toList();
        return NearestName.hint(unknown.getOption(), names);
    }

    private static void overview(Terminal terminal) {
        terminal.print("jzoo COMMAND [options]: a model zoo and fine-tuning toolkit for the JVM");
        terminal.print("");
        COMMANDS.forEach(c -> terminal.print("  %-12s %s", c.name(), c.summary()));
        terminal.print("");
        terminal.print("jzoo COMMAND --help explains a command.");
    }

    private static void help(Command command, Options options, Terminal terminal) {
        terminal.print("jzoo %s %s", command.name(), command.usage());
        terminal.print("%n%s%n", command.summary());
        PrintWriter writer = new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8);
        TextHelpAppendable appendable = new TextHelpAppendable(writer);
        appendable.setMaxWidth(100);
        try {
            HelpFormatter.builder().setHelpAppendable(appendable).get().printOptions(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writer.flush();
        terminal.print("");
        terminal.print("Examples:");
        command.examples().forEach(e -> terminal.print("  %s", e));
    }
}
