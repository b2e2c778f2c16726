package org.jzoo.examples.cli;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.speech.Speech;
import org.jzoo.datasets.speech.UnionSpeeches;
import org.jzoo.examples.recall.AskedModel;
import org.jzoo.examples.recall.AskedTable;
import org.jzoo.examples.recall.HiddenFacts;
import org.jzoo.examples.recall.RecallTask;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;

/** {@code jzoo reproduce needles}: models of the zoo, as shipped, asked about hidden facts. */
final class NeedlesRecipe extends RecordedRecipe {

    private static final List<RecallTask> TASKS =
            List.of(RecallTask.PASSKEY, RecallTask.KEY_VALUES);
    private static final String MODEL = "j3-recall";
    private static final String WORDS = "3000,25000,100000";

    @Override
    public String name() {
        return "needles";
    }

    @Override
    public List<String> usage() {
        return List.of("--data DIR [options]", "--table [--out FILE]");
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued(
                        "data", "DIR", "folder that datasets/scripts/fetch-speeches filled"),
                FineTuneOptions.valued("models", "NAMES", "who is asked [%s]".formatted(MODEL)),
                FineTuneOptions.valued("words", "NUMBERS", "words of a text [%s]".formatted(WORDS)),
                FineTuneOptions.valued("examples", "N", "texts of a length and seed [20]"),
                FineTuneOptions.valued(
                        "chunks", "NUMBERS", "tokens read at once; 0 for as in training [0]"),
                RecipeOptions.machine(),
                RecipeOptions.commit());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo reproduce needles --data speeches",
                "jzoo reproduce needles --data speeches --words 780000 --examples 2",
                "jzoo reproduce needles --table");
    }

    @Override
    int measure(Arguments arguments, Path out, Terminal terminal) throws Exception {
        Path data = arguments.existing("data");
        List<AskedModel> runs = runs(arguments);
        int[] shard = RecipeOptions.shard(arguments);
        RecipeOptions.prepare(arguments, out);
        List<Speech> speeches = UnionSpeeches.read(data);
        String hash = DataHash.sha256(UnionSpeeches.locate(data));
        Device device = FineTuneOptions.device(arguments);
        JsonLines<AskedModel.Figures> lines = lines(out);
        List<AskedModel.Figures> done = lines.read();
        terminal.remark("%d runs, figures go to %s", runs.size(), out);
        for (int i = shard[0]; i < runs.size(); i += shard[1]) {
            if (done.stream().noneMatch(runs.get(i)::made)) {
                AskedModel.Figures figures = runs.get(i).run(speeches, hash, device);
                lines.append(List.of(figures));
                terminal.remark(
                        "%s, %,d words, seed %d: %d of %d found, %.2f s a text",
                        figures.model(),
                        figures.words(),
                        figures.seed(),
                        figures.right(),
                        figures.questions(),
                        figures.seconds() / figures.questions());
            }
        }
        return Main.OK;
    }

    private static List<AskedModel> runs(Arguments arguments) {
        List<AskedModel> runs = new ArrayList<>();
        for (String model : RecipeOptions.list(arguments, "models", MODEL, name -> name)) {
            for (int words : RecipeOptions.list(arguments, "words", WORDS, Integer::valueOf)) {
                for (long seed :
                        RecipeOptions.list(
                                arguments, "seeds", RecipeOptions.SEEDS, Long::valueOf)) {
                    HiddenFacts facts = new HiddenFacts(TASKS, words, seed);
                    for (int chunk :
                            RecipeOptions.list(arguments, "chunks", "0", Integer::valueOf)) {
                        int questions = arguments.integer("examples", 20, 1);
                        runs.add(new AskedModel(model, facts, questions, chunk));
                    }
                }
            }
        }
        return runs;
    }

    @Override
    ResultsFile table(Path out, String commit, Environment machine) throws IOException {
        List<AskedModel.Figures> figures = lines(out).read();
        String command =
                MadeBy.naming(
                        name(),
                        "words",
                        figures,
                        f -> String.valueOf(f.words()),
                        f ->
                                MadeBy.options("--data DIR")
                                        .with("models", f.model(), MODEL)
                                        .with("examples", f.questions(), 20)
                                        .with("chunks", f.chunk(), 0));
        return AskedTable.of(name(), figures, command, commit, machine);
    }

    private static JsonLines<AskedModel.Figures> lines(Path out) {
        return new JsonLines<>(out, AskedModel.Figures.class);
    }
}
