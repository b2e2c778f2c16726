package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.examples.adapter.AdapterFolder;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.weights.TensorType;

/** The commands on models of two layers and width 8. */
class ModelCommandsTest {

    private static final int MAX_LENGTH = 24;

    @TempDir static Path folder;
    private static String encoder;
    private static String classifier;

    @BeforeAll
    static void saveModels() throws IOException {
        encoder = save("encoder", new EmbeddingTask(Pooling.MEAN, true));
        classifier =
                save(
                        "classifier",
                        new ClassificationTask(List.of("bad", "good"), false, HeadOption.MEAN));
    }

    private static String save(String name, Task task) throws IOException {
        EncoderConfig config =
                new PostNormEncoder(30_522, 8, 2, 2, 20, Activation.GELU, 0.1, 0.1, 1e-12)
                        .config(new LearnedPositionOption(MAX_LENGTH), MAX_LENGTH, 2, 0, false);
        byte[] json;
        try (InputStream in =
                ModelCommandsTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            json = in.readAllBytes();
        }
        Path to = folder.resolve(name);
        try (LoadedModel model =
                LoadedModel.fresh(
                        name,
                        ModelConfig.of("bert", config, task),
                        TextTokenizer.of(json, MAX_LENGTH),
                        5,
                        Device.cpu())) {
            ModelFolder.save(to, model, "# A card\n", TensorType.F32);
        }
        return to.toString();
    }

    private static Path reviews(String name, int rows) throws IOException {
        StringBuilder csv = new StringBuilder("text,label\n");
        for (int i = 0; i < rows; i++) {
            csv.append(
                    i % 2 == 0
                            ? "a wonderful and moving film number %d,good%n".formatted(i)
                            : "dull and far too long number %d,bad%n".formatted(i));
        }
        return Files.writeString(folder.resolve(name), csv);
    }

    private static JsonObject json(Shell shell) {
        assertEquals(Main.OK, shell.code(), shell.err());
        return JsonParser.parseString(shell.out()).getAsJsonObject();
    }

    @Test
    void listsPretrainedModelsByPattern() {
        Shell table = Shell.run("list", "*minilm*");
        assertEquals(Main.OK, table.code());
        assertTrue(table.out().contains("minilm-l6"), table.out());
        assertFalse(table.out().contains("bge"), table.out());

        Shell json = Shell.run("list", "--json");
        JsonArray models = JsonParser.parseString(json.out()).getAsJsonArray();
        assertTrue(models.size() >= 3, json.out());
        assertTrue(models.get(0).getAsJsonObject().get("parameters").getAsLong() > 20_000_000);

        assertEquals(Main.FAILED, Shell.run("list", "nothing-like-it").code());
        Shell near = Shell.run("list", "minilm-l7", "--json");
        assertEquals(Main.FAILED, near.code());
        assertEquals("[]", near.out().strip());
        assertTrue(near.err().contains("did you mean minilm-l6?"), near.err());
    }

    @Test
    void showsAFolderAndWhatIsWrongWithIt() throws IOException {
        JsonObject facts = json(Shell.run("show", classifier, "--json"));
        assertEquals("classification", facts.get("task").getAsString());
        assertEquals("ok", facts.get("checksums").getAsString());
        assertEquals(2, facts.getAsJsonArray("labels").size());
        long sum =
                facts.getAsJsonObject("parts").asMap().values().stream()
                        .mapToLong(part -> part.getAsLong())
                        .sum();
        assertEquals(facts.get("parameters").getAsLong(), sum);
        assertTrue(Shell.run("show", classifier).out().contains("A card"));

        String damaged = save("damaged", new EmbeddingTask(Pooling.MEAN, true));
        Files.writeString(Path.of(damaged, ModelFolder.CARD), "# Another card\n");
        Shell shell = Shell.run("show", damaged);
        assertEquals(Main.FAILED, shell.code());
        assertTrue(shell.out().contains("README.md must have"), shell.out());
    }

    @Test
    void unknownModelsGetASuggestion() {
        for (String command : List.of("show", "embed")) {
            Shell shell =
                    command.equals("show")
                            ? Shell.run("show", "minilm-l7")
                            : Shell.run("embed", "--model", "minilm-l7", "text");
            assertEquals(Main.FAILED, shell.code());
            assertTrue(shell.err().contains("did you mean minilm-l6?"), shell.err());
        }
    }

    @Test
    void embedsAsJsonLinesAndComparesTexts() {
        Shell lines = Shell.runWithInput("a cat\n\na dog\n", "embed", "--model", encoder);
        assertEquals(Main.OK, lines.code(), lines.err());
        List<String> all = lines.out().lines().toList();
        assertEquals(2, all.size(), lines.out());
        JsonObject second = JsonParser.parseString(all.get(1)).getAsJsonObject();
        assertEquals("a dog", second.get("text").getAsString());
        assertEquals(8, second.getAsJsonArray("vector").size());

        JsonObject result =
                json(Shell.run("embed", "x y", "z", "--similarity", "--json", "--model", encoder));
        JsonArray cosine = result.getAsJsonArray("cosine");
        assertEquals(1, cosine.get(0).getAsJsonArray().get(0).getAsDouble(), 1e-6);
        assertEquals(
                cosine.get(0).getAsJsonArray().get(1).getAsDouble(),
                cosine.get(1).getAsJsonArray().get(0).getAsDouble(),
                1e-12);
        assertTrue(
                Shell.run("embed", "x y", "z", "--similarity", "--model", encoder)
                        .out()
                        .contains("1.000"));
    }

    @Test
    void theModelMustFitTheCommand() {
        Shell predict = Shell.run("predict", "--model", encoder, "text");
        assertEquals(Main.USAGE, predict.code());
        assertTrue(predict.err().contains("use jzoo embed"), predict.err());

        Shell embed = Shell.run("embed", "--model", classifier, "text");
        assertEquals(Main.USAGE, embed.code());
        assertTrue(embed.err().contains("use jzoo predict"), embed.err());
    }

    @Test
    void predictsNumbersOfPairsAndLabelsOfTokens() throws IOException {
        String similarity = save("similarity", new RegressionTask(true, HeadOption.MEAN));
        JsonObject pair =
                json(Shell.run("predict", "--model", similarity, "one text", "other", "--json"));
        assertEquals("other", pair.get("pair").getAsString());
        assertTrue(Double.isFinite(pair.get("value").getAsDouble()));
        Shell odd = Shell.run("predict", "--model", similarity, "one text");
        assertEquals(Main.USAGE, odd.code());
        assertTrue(odd.err().contains("TEXT must come in pairs"), odd.err());
        Shell noTab = Shell.runWithInput("one\n", "predict", "--model", similarity);
        assertTrue(noTab.err().contains("two texts with a tab"), noTab.err());

        String names =
                save("names", new TokenClassificationTask(List.of("O", "B-PER", "I-PER"), 0.1));
        JsonObject tokens = json(Shell.run("predict", "--model", names, "Anna met Tom", "--json"));
        assertTrue(tokens.get("tokens").isJsonArray());
    }

    @Test
    void finetunesEvaluatesAndPredicts() throws IOException {
        Path train = reviews("train.csv", 40);
        Path test = reviews("test.csv", 10);
        Path out = folder.resolve("tuned");

        JsonObject tuned =
                json(
                        Shell.run(
                                "finetune",
                                "--model",
                                encoder,
                                "--tuning",
                                "full",
                                "--max-length",
                                "16",
                                "--epochs",
                                "4",
                                "--batch-size",
                                "4",
                                "--learning-rate",
                                "0.02",
                                "--device",
                                "cpu",
                                "--train",
                                train.toString(),
                                "--test",
                                test.toString(),
                                "--out",
                                out.toString(),
                                "--json"));
        assertEquals(36, tuned.get("steps").getAsInt());
        double accuracy = tuned.getAsJsonObject("test").get("accuracy").getAsDouble();
        assertTrue(accuracy >= 0.9, tuned::toString);

        JsonObject judged =
                json(
                        Shell.run(
                                "evaluate",
                                "--model",
                                out.toString(),
                                "--test",
                                test.toString(),
                                "--json"));
        assertEquals(10, judged.get("examples").getAsInt());
        assertEquals(
                accuracy, judged.getAsJsonObject("metrics").get("accuracy").getAsDouble(), 1e-9);
        assertEquals(2, judged.getAsJsonArray("confusion").size());
        Shell table = Shell.run("evaluate", "--model", out.toString(), "--test", test.toString());
        assertTrue(table.out().contains("expected \\ predicted"), table.out());

        Shell predicted =
                Shell.run(
                        "predict", "--model", out.toString(), "--file", test.toString(), "--json");
        assertEquals(10, predicted.out().lines().count(), predicted.err());
        JsonObject first =
                JsonParser.parseString(predicted.out().lines().findFirst().orElseThrow())
                        .getAsJsonObject();
        double sum =
                first.getAsJsonObject("probabilities").asMap().values().stream()
                        .mapToDouble(p -> p.getAsDouble())
                        .sum();
        assertEquals(1, sum, 1e-4);

        String card = Files.readString(out.resolve(ModelFolder.CARD));
        assertTrue(card.contains("train.csv") && card.contains("accuracy"), card);
        assertFalse(card.contains(folder.toString()), card);
        assertFalse(card.contains("total"), card);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAdapterAloneAnswersAsTheTunedModel(boolean packed) throws IOException {
        Path train = reviews("train-adapter.csv", 40);
        Path test = reviews("test-adapter.csv", 10);
        Path out = folder.resolve("adapter" + packed);
        String[] finetune = {
            "finetune",
            "--model",
            encoder,
            "--lora-rank",
            "2",
            "--learning-rate",
            "0.05",
            "--max-length",
            "16",
            "--epochs",
            "2",
            "--batch-size",
            "4",
            "--device",
            "cpu",
            "--train",
            train.toString(),
            "--test",
            test.toString(),
            "--json"
        };
        String[] few = {"--base-bits", "4", "--base-group", "4"};
        double loss =
                json(Shell.run(
                                with(
                                        packed ? with(finetune, few) : finetune,
                                        "--out",
                                        out.toString(),
                                        "--save",
                                        "adapter")))
                        .getAsJsonObject("test")
                        .get("loss")
                        .getAsDouble();
        assertTrue(Files.size(out.resolve(AdapterFolder.WEIGHTS)) < 5_000);
        assertFalse(Files.exists(out.resolve("model.safetensors")));

        JsonObject judged =
                json(
                        Shell.run(
                                "evaluate",
                                "--model",
                                out.toString(),
                                "--test",
                                test.toString(),
                                "--max-length",
                                "16",
                                "--json"));
        assertEquals(loss, judged.getAsJsonObject("metrics").get("loss").getAsDouble(), 1e-6);
        JsonObject predicted =
                json(Shell.run("predict", "--model", out.toString(), "a wonderful film", "--json"));
        assertEquals(2, predicted.getAsJsonObject("probabilities").size());
        assertTrue(Shell.run("show", out.toString()).out().contains("accuracy"));

        Shell full =
                Shell.run(with(finetune, "--out", "x", "--save", "adapter", "--tuning", "full"));
        assertEquals(Main.USAGE, full.code());
        assertTrue(full.err().contains("--save adapter must go with --tuning lora"), full.err());
    }

    private static String[] with(String[] first, String... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void lowerLayersMayStayAsTheyAre() throws IOException {
        Path train = reviews("train-frozen.csv", 40);
        Path out = folder.resolve("frozen");
        String[] finetune = {
            "finetune",
            "--model",
            encoder,
            "--lora-rank",
            "2",
            "--lora-targets",
            "all",
            "--layer-decay",
            "0.9",
            "--learning-rate",
            "0.02",
            "--max-length",
            "16",
            "--epochs",
            "8",
            "--batch-size",
            "4",
            "--device",
            "cpu",
            "--train",
            train.toString(),
            "--validation",
            train.toString(),
            "--test",
            train.toString(),
            "--json"
        };
        JsonObject result =
                json(
                        Shell.run(
                                with(
                                        finetune,
                                        "--out",
                                        out.toString(),
                                        "--frozen-layers",
                                        "1",
                                        "--tuning",
                                        "full")));
        assertEquals(1, result.getAsJsonObject("test").get("accuracy").getAsDouble());
        assertTrue(Shell.run("show", out.toString()).out().contains("FrozenLayers"));

        Shell whole = Shell.run(with(finetune, "--out", "x", "--frozen-layers", "2"));
        assertTrue(whole.err().contains("numLayers must be < 2"), whole.err());
        Shell adapter =
                Shell.run(
                        with(finetune, "--out", "x", "--frozen-layers", "1", "--save", "adapter"));
        assertEquals(Main.USAGE, adapter.code());
        assertTrue(adapter.err().contains("without --half and --frozen-layers"), adapter.err());
    }

    @Test
    void resumingNeedsACheckpoint() throws IOException {
        String train = reviews("train-resume.csv", 8).toString();
        String out = folder.resolve("nothing-begun").toString();
        Shell shell =
                Shell.run(
                        "finetune", "--model", encoder, "--train", train, "--out", out, "--resume");
        assertEquals(Main.USAGE, shell.code());
        assertTrue(shell.err().contains("--resume must find a checkpoint"), shell.err());
        assertFalse(Files.exists(folder.resolve("nothing-begun-run")));
    }
}
