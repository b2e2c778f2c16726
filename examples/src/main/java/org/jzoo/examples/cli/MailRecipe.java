package org.jzoo.examples.cli;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Option;
import org.jzoo.datasets.mail.MailSample;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.examples.recipe.RunsTable;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.Figure;
import org.jzoo.training.report.ResultRow;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo reproduce quickstart}: the quickstart as newcomers run it, with several seeds. */
final class MailRecipe extends RecordedRecipe {

    private static final String ACCURACY = "accuracy";
    private static final String F1 = "f1";

    /** What a quickstart ended with. */
    private record Figures(
            long seed, Map<String, Double> test, double seconds, String device, String dataHash) {}

    @Override
    public String name() {
        return "quickstart";
    }

    @Override
    public List<String> usage() {
        return List.of("[--work DIR]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(RecipeOptions.work(), RecipeOptions.machine(), RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of("jzoo reproduce quickstart", "jzoo reproduce quickstart --table");
    }

    @Override
    int measure(Arguments arguments, Path out, Terminal terminal) throws IOException {
        Path work = arguments.path("work", out.resolveSibling("quickstart-work"));
        List<Long> seeds =
                RecipeOptions.list(arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf);
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.prepare(arguments, out);
        JsonLines<Figures> lines = lines(out);
        List<Figures> done = lines.read();
        String device = FineTuneOptions.device(arguments).getDeviceType();
        for (int i = shard[0]; i < seeds.size(); i += shard[1]) {
            long seed = seeds.get(i);
            if (done.stream().noneMatch(f -> f.seed() == seed && f.device().equals(device))) {
                ByteArrayOutputStream told = new ByteArrayOutputStream();
                int code = quickstart(seed, device, work, told, terminal);
                if (code != Main.OK) {
                    return code;
                }
                lines.append(List.of(figures(seed, device, told)));
            }
        }
        return Main.OK;
    }

    private static int quickstart(
            long seed, String device, Path work, ByteArrayOutputStream told, Terminal terminal) {
        String[] words = {
            "quickstart",
            "--json",
            "--seed",
            String.valueOf(seed),
            "--device",
            device,
            "--out",
            work.resolve("seed-" + seed).toString()
        };
        PrintStream json = new PrintStream(told, true, StandardCharsets.UTF_8);
        return Main.run(words, new Terminal(json, terminal.err()));
    }

    private static Figures figures(long seed, String device, ByteArrayOutputStream told) {
        Gson gson = new Gson();
        JsonObject result = gson.fromJson(told.toString(StandardCharsets.UTF_8), JsonObject.class);
        return new Figures(
                seed,
                gson.fromJson(result.get("test"), new TypeToken<Map<String, Double>>() {}),
                result.get("seconds").getAsDouble(),
                device,
                MailSample.hash());
    }

    @Override
    ResultsFile table(Path out, String commit, Environment machine) throws IOException {
        List<Figures> figures = lines(out).read();
        String command = "jzoo reproduce quickstart";
        return RunsTable.begin(name(), figures, f -> f.seed(), command, commit, machine)
                .optDataHash(figures.get(0).dataHash())
                .addFigure(Figure.percent(ACCURACY))
                .addFigure(Figure.percent(F1))
                .addRow(
                        ResultRow.of("model", "minilm-l6")
                                .label("test mails", "%,d".formatted(MailSample.test().count()))
                                .label("run on", figures.get(0).device())
                                .figure(ACCURACY, values(figures, ACCURACY))
                                .figure(F1, values(figures, F1)))
                .build();
    }

    private static double[] values(List<Figures> figures, String metric) {
        return figures.stream().mapToDouble(f -> f.test().get(metric)).toArray();
    }

    private static JsonLines<Figures> lines(Path out) {
        return new JsonLines<>(out, Figures.class);
    }
}
