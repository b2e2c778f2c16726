package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.nn.Parameter;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.datasets.DataHash;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorType;

final class CompressCommandTest {

    private static final int LENGTH = 16;

    @TempDir private Path folder;

    @BeforeEach
    void modelAndTexts() throws Exception {
        save(new ClassificationTask(List.of("bad", "fine"), false, HeadOption.MEAN));
        StringBuilder csv = new StringBuilder("text,label\n");
        for (String word : List.of("day", "night", "sun", "rain", "wind", "sea", "hill")) {
            csv.append("a fine ").append(word).append(",fine\n");
            csv.append("a bad ").append(word).append(",bad\n");
        }
        Files.writeString(folder.resolve("texts.csv"), csv);
        Files.writeString(folder.resolve("judged.csv"), csv);
    }

    private void save(Task task) throws Exception {
        EncoderConfig encoder =
                new PostNormEncoder(30522, 32, 3, 2, 64, Activation.GELU, 0, 0, 1e-12)
                        .config(new LearnedPositionOption(LENGTH), LENGTH, 2, 0, false);
        try (InputStream in =
                        CompressCommandTest.class.getResourceAsStream(
                                "/all-minilm-l6-v2-tokenizer.json");
                LoadedModel model =
                        LoadedModel.fresh(
                                "tiny",
                                ModelConfig.of("bert", encoder, task),
                                TextTokenizer.of(in.readAllBytes(), LENGTH),
                                5,
                                Device.cpu())) {
            ModelFolder.save(folder.resolve("whole"), model, "# Tiny\n", TensorType.F32);
        }
    }

    private Shell compress(String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "compress",
                                "--model",
                                folder.resolve("whole").toString(),
                                "--train",
                                folder.resolve("texts.csv").toString(),
                                "--test",
                                folder.resolve("judged.csv").toString(),
                                "--max-length",
                                "16",
                                "--epochs",
                                "3",
                                "--device",
                                "cpu",
                                "--out",
                                folder.resolve("small").toString()));
        words.addAll(Arrays.asList(more));
        return Shell.run(words.toArray(String[]::new));
    }

    @Test
    void aShareAndBitsGiveAPackedModelThatGoesOnFromWhatWasTaught() throws Exception {
        Shell first = compress("--params", "8%", "--bits", "4");
        assertEquals(Main.OK, first.code(), first.err());
        assertTrue(first.err().contains("going on with weights of 4 bits"), first.err());
        tellsWhatItCost(first);
        Path small = folder.resolve("small");
        Path whole = folder.resolve("whole");
        try (LoadedModel model = ModelFolder.load(small, Device.cpu())) {
            assertFalse(PackedMaps.of((Part) model.block()).isEmpty());
            assertEquals(2, model.classify("a fine day").items().size());
        }
        assertTrue(
                20 * Files.size(small.resolve(Safetensors.FILE_NAME))
                        < Files.size(whole.resolve(Safetensors.FILE_NAME)));
        // What was taught is there already: only the rounding is done again.
        Shell again = compress("--params", "8%", "--bits", "8", "--overwrite", "--resume");
        assertEquals(Main.OK, again.code(), again.err());
        assertTrue(again.err().contains("going on with weights of 8 bits"), again.err());
        long bytes = Files.size(small.resolve(Safetensors.FILE_NAME));
        // It is another size's answer, and nobody's who did not ask to go on.
        Shell other = compress("--params", "20%", "--bits", "8", "--overwrite", "--resume");
        assertEquals(Main.USAGE, other.code(), other.err());
        assertTrue(other.err().contains("--resume must find a model of the size"), other.err());
        Shell anew = compress("--params", "20%", "--bits", "8", "--overwrite");
        assertEquals(Main.FAILED, anew.code(), anew.err());
        assertTrue(anew.err().contains("must be empty unless resume is asked for"), anew.err());
        assertEquals(bytes, Files.size(small.resolve(Safetensors.FILE_NAME)));
    }

    private void tellsWhatItCost(Shell shell) throws Exception {
        for (String step : List.of("whole", "fewer tokens", "cut", "taught", "packed")) {
            assertTrue(shell.err().contains("\n" + step + " "), step + " in " + shell.err());
        }
        assertTrue(shell.err().contains("MB ms a text       loss   accuracy"), shell.err());
        String packed = "(?s).*\npacked +[0-9,]+ +[0-9.]+ +[0-9.]+ +0[.][0-9]{4} +0[.][0-9]{4} .*";
        assertTrue(shell.err().matches(packed), shell.err());
        String card = Files.readString(folder.resolve("small").resolve(ModelFolder.CARD));
        assertTrue(card.contains("# small\n\nA student of whole, taught by it to label"), card);
        String hash = DataHash.sha256(folder.resolve("judged.csv"));
        for (String line :
                List.of(
                        "| judged.csv | test | 14 | `" + hash + "` |",
                        "| Base model | whole |",
                        "| accuracy, whole | test |",
                        "| accuracy | test |",
                        "- what stayed: encoder: ",
                        "- share of the labels in the loss: 0.3",
                        "precision=fastest, packed")) {
            assertTrue(card.contains(line), line + " in " + card);
        }
        String report = Files.readString(folder.resolve("small-run").resolve("report.json"));
        assertTrue(report.contains("\"name\": \"packed\""), report);
    }

    @Test
    void metricsThatAreUndefinedEndNoRun() throws Exception {
        save(new RegressionTask(false, HeadOption.MEAN));
        for (String name : List.of("texts.csv", "judged.csv")) {
            String csv = Files.readString(folder.resolve(name));
            String numbers = csv.replace(",fine\n", ",2\n").replace(",bad\n", ",1\n");
            long rows = name.equals("judged.csv") ? 2 : Long.MAX_VALUE; // no line through a point
            Files.write(folder.resolve(name), numbers.lines().limit(rows).toList());
        }
        Shell shell = compress("--params", "20%", "--regression", "--json");
        assertEquals(Main.OK, shell.code(), shell.err());
        String report = Files.readString(folder.resolve("small-run").resolve("report.json"));
        assertTrue(report.contains("\"pearson\": NaN"), report);
    }

    @Test
    void aRunThatEndedBeforeItsFirstCheckpointGoesOn() throws Exception {
        Shell nothing = compress("--params", "8%", "--resume");
        assertEquals(Main.USAGE, nothing.code());
        assertTrue(nothing.err().contains("--resume must find what an earlier run left"));
        // As after a first cut that has recovered, or while importance was measured.
        Files.createDirectories(folder.resolve("small-run"));
        Shell resumed = compress("--params", "8%", "--resume");
        assertEquals(Main.OK, resumed.code(), resumed.err());
    }

    @Test
    void helpNamesTheDefaultsThatHold() {
        String help = Shell.run("compress", "--help").out();
        for (String line :
                List.of(
                        "passes over the training data [10]",
                        "what learns: full, lora or head [full]",
                        "else 3.0E-4]")) {
            assertTrue(help.contains(line), help);
        }
        assertTrue(Shell.run("finetune", "--help").out().contains("lora or head [lora]"));
    }

    @Test
    void severalCutsRecoverBetweenAndGoOnFromThoseThatWereMade() throws Exception {
        Shell first = compress("--params", "7%", "--cuts", "2");
        assertEquals(Main.OK, first.code(), first.err());
        assertTrue(first.err().contains("recovering from cut 1 of 2"), first.err());
        long once;
        long between;
        long end;
        try (LoadedModel model = ModelFolder.load(folder.resolve("small"), Device.cpu())) {
            end = model.numParameters();
        }
        Path cut = folder.resolve("small-run").resolve("cut-1");
        try (LoadedModel model = ModelFolder.load(cut, Device.cpu())) {
            between = model.numParameters();
        }
        Shell again = compress("--params", "7%", "--cuts", "2", "--overwrite", "--resume");
        assertEquals(Main.OK, again.code(), again.err());
        assertFalse(again.err().contains("recovering from cut"), again.err());
        Shell apart =
                compress(
                        "--params",
                        "7%",
                        "--overwrite",
                        "--work",
                        folder.resolve("apart").toString());
        assertEquals(Main.OK, apart.code(), apart.err());
        try (LoadedModel model = ModelFolder.load(folder.resolve("small"), Device.cpu())) {
            once = model.numParameters();
        }
        assertEquals(once, end);
        assertTrue(between > end, between + " after the first cut, " + end + " in the end");
        Shell other = compress("--params", "8%", "--cuts", "2", "--overwrite", "--resume");
        assertEquals(Main.USAGE, other.code());
        assertTrue(other.err().contains("--resume must find a model of the size"), other.err());
    }

    @Test
    void whatTheWholeModelSaidServesLaterRuns() throws Exception {
        assertEquals(Main.OK, compress("--params", "8%").code());
        Path kept = folder.resolve("small-run").resolve("teacher-answers.safetensors");
        FileTime written = Files.getLastModifiedTime(kept);
        Shell again =
                compress(
                        "--params",
                        "7%",
                        "--overwrite",
                        "--work",
                        folder.resolve("later").toString(),
                        "--answers",
                        kept.toString());
        assertEquals(Main.OK, again.code(), again.err());
        assertEquals(written, Files.getLastModifiedTime(kept));
        assertFalse(Files.exists(folder.resolve("later").resolve("teacher-answers.safetensors")));
    }

    @Test
    void budgetsThatCannotBeAreRefusedWithWhatCan() {
        assertTrue(
                compress("--params", "0%").err().contains("--params must be above 0% and at most"));
        assertTrue(compress("--params", "200%").err().contains("at most 100%, such as 25%"));
        Shell five = compress("--params", "25%", "--bits", "5");
        assertEquals(Main.USAGE, five.code());
        assertTrue(five.err().contains("--bits must be 4 or 8, got bits=5"), five.err());
        Shell little = compress("--params", "0.01%");
        assertEquals(Main.USAGE, little.code());
        assertFalse(Files.exists(folder.resolve("small")));
        assertFalse(Files.exists(folder.resolve("small-run")), "nothing was measured");
        assertTrue(little.err().contains("budget must be >= "), little.err());
        // What it says is possible is: one layer of one head and 16 channels.
        String least = little.err().replaceAll("(?s).*must be in \\[([0-9.]+%), 100%\\].*", "$1");
        Shell enough = compress("--params", least);
        assertEquals(Main.OK, enough.code(), enough.err());
    }

    private double zeros() throws Exception {
        try (LoadedModel model = ModelFolder.load(folder.resolve("small"), Device.cpu())) {
            long all = 0;
            long none = 0;
            for (Map.Entry<String, Parameter> each : model.parameters().entrySet()) {
                if (each.getKey().matches(".*layers.*\\.weight")
                        && !each.getKey().toLowerCase(Locale.ROOT).contains("norm")) {
                    for (float weight : each.getValue().getArray().toFloatArray()) {
                        all++;
                        none += weight == 0 ? 1 : 0;
                    }
                }
            }
            return none / (double) all;
        }
    }

    @Test
    void singleWeightsStayZeroInModelsThatGoOnLearning() throws Exception {
        Shell pairs = compress("--params", "100%", "--zeros", "2:4");
        assertEquals(Main.OK, pairs.code(), pairs.err());
        assertEquals(0.5, zeros(), 1e-3);
        Shell most =
                compress(
                        "--params",
                        "100%",
                        "--zeros",
                        "75%",
                        "--overwrite",
                        "--work",
                        folder.resolve("apart").toString());
        assertEquals(Main.OK, most.code(), most.err());
        assertEquals(0.75, zeros(), 1e-2);
        assertTrue(
                compress("--params", "50%", "--zeros", "2:4", "--bits", "4", "--overwrite")
                        .err()
                        .contains("--zeros must go without --bits"));
        assertTrue(
                compress("--params", "50%", "--zeros", "100%", "--overwrite")
                        .err()
                        .contains("--zeros must be a share below 100% such as 50%"));
        assertTrue(
                compress("--params", "50%", "--zeros", "4:4", "--overwrite")
                        .err()
                        .contains("--zeros: kept must be in [1, group), got kept=4, group=4"));
    }

    @Test
    void aNarrowTableOfTokensAndVaryingChannelsMakeRoomForLayers() throws Exception {
        Shell wide = compress("--params", "60%", "--all-tokens");
        assertEquals(Main.USAGE, wide.code(), wide.err());
        Shell narrow =
                compress(
                        "--params",
                        "60%",
                        "--all-tokens",
                        "--token-rank",
                        "16",
                        "--channels",
                        "variance",
                        "--bits",
                        "4");
        assertEquals(Main.OK, narrow.code(), narrow.err());
        for (String picture : List.of("importance", "importance-channels", "importance-layers")) {
            assertTrue(Files.exists(folder.resolve("small-run/" + picture + ".png")), picture);
        }
        try (LoadedModel model = ModelFolder.load(folder.resolve("small"), Device.cpu())) {
            assertEquals(16, ((EncoderConfig) model.config().model()).tokenRank());
            assertEquals(30522, ((EncoderConfig) model.config().model()).vocabularySize());
        }
        Shell none = compress("--params", "60%", "--token-rank", "32", "--overwrite");
        assertTrue(none.err().contains("tokenRank must be in [1, dim)"), none.err());
    }
}
