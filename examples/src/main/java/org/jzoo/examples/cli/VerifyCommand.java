package org.jzoo.examples.cli;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Options;
import org.jzoo.examples.verify.ReferenceFolder;
import org.jzoo.zoo.verify.Difference;
import org.jzoo.zoo.verify.VerificationReport;

/** {@code jzoo verify}: a model against what a published implementation computed. */
final class VerifyCommand implements Command {

    @Override
    public String name() {
        return "verify";
    }

    @Override
    public String summary() {
        return "Compares a model with a published implementation's tensors, one by one.";
    }

    @Override
    public String usage() {
        return "DIR... [--tolerance X] [--all]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(
                FineTuneOptions.valued(
                        "tolerance", "X", "largest difference, as a share of its scale [1e-4]"));
        options.addOption(FineTuneOptions.flag("all", "prints every tensor, not the worst ones"));
        options.addOption(
                FineTuneOptions.valued("device", "NAME", "cpu or gpu [gpu if there is one]"));
        options.addOption(FineTuneOptions.flag("json", "prints every tensor as JSON"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo verify golden/llama-gqa",
                "jzoo verify golden/bert golden/gpt2 --tolerance 1e-5",
                "jzoo verify golden/mixtral --all");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        if (arguments.rest().isEmpty()) {
            throw new UsageException("DIR must be given: a folder with config.json and tensors");
        }
        double tolerance = arguments.number("tolerance", 1e-4, 0, 1);
        boolean sound = true;
        for (String folder : arguments.rest()) {
            sound &= verify(Path.of(folder), tolerance, arguments, terminal);
        }
        return sound ? Main.OK : Main.FAILED;
    }

    private static boolean verify(
            Path folder, double tolerance, Arguments arguments, Terminal terminal) {
        VerificationReport report;
        try {
            if (!Files.isDirectory(folder)) {
                throw new IllegalArgumentException("must be a folder");
            }
            report = ReferenceFolder.verify(folder, FineTuneOptions.device(arguments));
        } catch (IOException | MalformedModelException | IllegalArgumentException e) {
            terminal.print("FAILED  %s: %s", folder, Failure.message(e));
            return false;
        }
        if (arguments.has("json")) {
            terminal.json(report);
        } else {
            print(folder, report, tolerance, arguments.has("all"), terminal);
        }
        return report.passes(tolerance);
    }

    private static void print(
            Path folder,
            VerificationReport report,
            double tolerance,
            boolean all,
            Terminal terminal) {
        terminal.print("%s  %s", report.passes(tolerance) ? "ok    " : "FAILED", folder);
        report.unsupported().forEach(what -> terminal.print("    not supported: %s", what));
        Map<String, Difference> worst = new LinkedHashMap<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Difference difference : report.differences()) {
            String kind = kind(difference.tensor());
            counts.merge(kind, 1, Integer::sum);
            worst.merge(
                    kind,
                    difference,
                    (a, b) ->
                            Comparator.comparingDouble(Difference::relative).compare(a, b) >= 0
                                    ? a
                                    : b);
            if (all || difference.relative() > tolerance) {
                terminal.print("    %s", difference);
            }
        }
        worst.forEach(
                (kind, difference) ->
                        terminal.print(
                                "    %-14s %3d compared, largest %.2e: %s",
                                kind, counts.get(kind), difference.relative(), difference));
    }

    private static String kind(String tensor) {
        if (tensor.startsWith("gradient of ")) {
            return "gradients";
        }
        if (tensor.startsWith("hidden_states.")) {
            return "hidden states";
        }
        if (tensor.startsWith("greedy_")) {
            return "generation";
        }
        if (tensor.startsWith("final.")) {
            return "final weights";
        }
        if (List.of("losses", "grad_norms", "learning_rates").contains(tensor)) {
            return "training";
        }
        return tensor.endsWith("loss") ? "losses" : "outputs";
    }
}
