package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordTokenizer;
import org.jzoo.zoo.weights.TensorType;

/** finetune, evaluate and predict with labels of tokens. */
class LabelCommandsTest {

    private static final List<String> FILLERS = List.of("the", "sun", "and", "sea", "were", "calm");
    private static final List<String> NAMES = List.of("ann", "bo", "cy", "di", "ed", "flo", "gus");

    @TempDir private Path folder;

    /** What texts are made of. */
    private enum Rule {
        /** The words say it: a first and a last name are a person, other names are places. */
        WORDS,
        /** What stands before says it: "mr A B" is a person, "in A" a place, else nothing. */
        CONTEXT
    }

    private static String text(Rule rule, Random random, int parts, List<String> spans) {
        boolean words = rule == Rule.WORDS;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts; i++) {
            text.append(i == 0 ? "" : " ");
            int kind = random.nextInt(4);
            if (kind == 0) {
                text.append("mr ");
                String name = words ? name(random, 0, 3) + " " + name(random, 3, 5) : two(random);
                add(text, name, "PER", spans);
            } else if (kind == 1) {
                text.append("in ");
                add(text, words ? name(random, 5, 7) : name(random, 0, 7), "LOC", spans);
            } else {
                boolean name = kind == 2 && !words;
                text.append(name ? name(random, 0, 7) : FILLERS.get(random.nextInt(6)));
            }
        }
        return text.append('.').toString();
    }

    private static String two(Random random) {
        return name(random, 0, 7) + " " + name(random, 0, 7);
    }

    private static String name(Random random, int from, int to) {
        return NAMES.get(from + random.nextInt(to - from));
    }

    private static void add(StringBuilder text, String words, String label, List<String> spans) {
        int start = text.length();
        text.append(words);
        spans.add(
                "{\"start\": %d, \"end\": %d, \"label\": \"%s\"}"
                        .formatted(start, text.length(), label));
    }

    private Path texts(Rule rule, String name, int count, int parts, long seed) throws IOException {
        Random random = new Random(seed);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            List<String> spans = new ArrayList<>();
            String text = text(rule, random, parts, spans);
            lines.append("{\"text\": \"%s\", \"spans\": %s}%n".formatted(text, spans));
        }
        return Files.writeString(folder.resolve(name), lines);
    }

    private String tokenizer() throws IOException {
        List<String> words = new ArrayList<>(List.of("mr", "in"));
        words.addAll(FILLERS);
        words.addAll(NAMES);
        Path file = folder.resolve("tokenizer.json");
        return Files.write(file, WordTokenizer.json(words)).toString();
    }

    private String encoder() throws IOException {
        EncoderConfig config =
                new PostNormEncoder(40, 32, 2, 4, 64, Activation.GELU, 0, 0, 1e-12)
                        .config(new LearnedPositionOption(24), 24, 2, 0, false);
        byte[] json = Files.readAllBytes(Path.of(tokenizer()));
        Path to = folder.resolve("encoder");
        try (LoadedModel model =
                LoadedModel.fresh(
                        "encoder",
                        ModelConfig.of("bert", config, new EmbeddingTask(Pooling.MEAN, true)),
                        TextTokenizer.of(json, 24),
                        5,
                        Device.cpu())) {
            ModelFolder.save(to, model, "# A card\n", TensorType.F32);
        }
        return to.toString();
    }

    private static Shell run(String command, String... more) {
        return Shell.run(
                Stream.of(Stream.of(command), Stream.of(more), Stream.of("--device", "cpu"))
                        .flatMap(words -> words)
                        .toArray(String[]::new));
    }

    private static JsonObject json(Shell shell) {
        assertEquals(Main.OK, shell.code(), shell::err);
        return JsonParser.parseString(shell.out()).getAsJsonObject();
    }

    private Shell tune(String task, Path train, Path test, Path out, String... more) {
        String[] usual = {
            "--task",
            task,
            "--train",
            train.toString(),
            "--test",
            test.toString(),
            "--out",
            out.toString(),
            "--json"
        };
        return run(
                "finetune",
                Stream.concat(Stream.of(usual), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void anEncoderLearnsARuleAndIsJudgedInWindows() throws IOException {
        Path train = texts(Rule.WORDS, "train.jsonl", 160, 12, 1);
        Path test = texts(Rule.WORDS, "test.jsonl", 20, 40, 2); // several windows of 24 tokens
        Path out = folder.resolve("names");
        JsonObject tuned =
                json(
                        tune(
                                "token-labels",
                                train,
                                test,
                                out,
                                "--model",
                                encoder(),
                                "--tuning",
                                "full",
                                "--learning-rate",
                                "0.003",
                                "--max-length",
                                "24",
                                "--batch-size",
                                "8",
                                "--epochs",
                                "12"));
        JsonObject figures = tuned.getAsJsonObject("test");
        assertTrue(figures.get("entityF1").getAsDouble() > 0.95, figures::toString);
        assertTrue(tuned.getAsJsonObject("validation").has("entityF1"), tuned::toString);
        String card = Files.readString(out.resolve("README.md"));
        assertTrue(card.contains("labels stretches (LOC, PER) of texts"), card);
        assertTrue(card.contains("| test.jsonl | test | 20 |"), card);

        JsonObject judged =
                json(
                        run(
                                "evaluate",
                                "--model",
                                out.toString(),
                                "--test",
                                test.toString(),
                                "--json"));
        assertEquals(figures, judged.get("metrics"));
        assertTrue(judged.getAsJsonObject("labels").has("PER"), judged::toString);
        predicts(out);
        conll(out);
        refuses(out, test);
    }

    private static void predicts(Path model) {
        String text = "the sun and mr ann di were in flo.";
        JsonObject said = json(run("predict", "--model", model.toString(), text, "--json"));
        JsonArray tokens = said.getAsJsonArray("tokens");
        List<String> found = new ArrayList<>();
        for (JsonElement each : tokens) {
            JsonObject label = each.getAsJsonObject();
            int start = label.get("start").getAsInt();
            int end = label.get("end").getAsInt();
            found.add(label.get("label").getAsString() + " " + text.substring(start, end));
        }
        assertEquals(List.of("PER ann di", "LOC flo"), found);
    }

    private void conll(Path model) throws IOException {
        Path file = folder.resolve("two.conll");
        Files.writeString(file, "mr O\ncy I-PER\ned I-PER\n. O\n\nin O\ngus I-LOC\n. O\n");
        Shell table = run("evaluate", "--model", model.toString(), "--test", file.toString());
        assertEquals(Main.OK, table.code(), table::err);
        assertTrue(table.out().contains("entityF1        1.0000"), table::out);
        assertTrue(table.out().contains("LOC"), table::out);
    }

    private void refuses(Path model, Path test) throws IOException {
        Path other = folder.resolve("other.conll");
        Files.writeString(other, "ann B-CAT\n");
        assertEquals(
                "jzoo evaluate: other.conll row 1: label must be one of [LOC, PER], got label=CAT",
                first("evaluate", "--model", model.toString(), "--test", other.toString()));
        assertEquals(
                "jzoo evaluate: --text-column must be left out with "
                        + model
                        + ", made for token classification",
                first(
                        "evaluate",
                        "--model",
                        model.toString(),
                        "--test",
                        test.toString(),
                        "--text-column",
                        "a"));
        assertEquals(
                "jzoo evaluate: maxLength must be in (1, 24], the longest text of names, got"
                        + " maxLength=25",
                first(
                        "evaluate",
                        "--model",
                        model.toString(),
                        "--test",
                        test.toString(),
                        "--max-length",
                        "25"));
        assertEquals(
                "jzoo finetune: model must be a J3 to learn from documents, got "
                        + model
                        + ", of the architecture bert; --task token-labels tunes it",
                lastOf(
                        tune(
                                "long-token-labels",
                                test,
                                test,
                                folder.resolve("x"),
                                "--model",
                                model.toString())));
        assertEquals(
                "jzoo finetune: labels of other.conll must be among those that are learned, [LOC,"
                        + " PER], got [CAT]",
                lastOf(tune("token-labels", test, other, folder.resolve("x"))));
        assertEquals(
                "jzoo finetune: --label-column must be left out with token-labels",
                tune("token-labels", test, other, folder.resolve("x"), "--label-column", "a")
                        .err()
                        .lines()
                        .findFirst()
                        .orElse(""));
        Path none = Files.writeString(folder.resolve("none.conll"), "ann O\n");
        assertEquals(
                "jzoo finetune: train must hold a labelled stretch, got none in 1 texts of"
                        + " none.conll",
                lastOf(tune("token-labels", none, none, folder.resolve("x"))));
    }

    private static String first(String... arguments) {
        return Shell.run(arguments).err().lines().findFirst().orElse("");
    }

    private static String lastOf(Shell shell) {
        return shell.err()
                .lines()
                .filter(line -> line.startsWith("jzoo "))
                .findFirst()
                .orElse(shell.err());
    }

    @Test
    void aLongModelLearnsARuleFromExcerptsAndReadsWholeTexts() throws IOException {
        Path train = texts(Rule.CONTEXT, "train.jsonl", 100, 40, 3);
        Path test = texts(Rule.CONTEXT, "test.jsonl", 4, 300, 4);
        Path out = folder.resolve("long");
        JsonObject tuned =
                json(
                        tune(
                                "long-token-labels",
                                train,
                                test,
                                out,
                                "--tokenizer",
                                tokenizer(),
                                "--max-length",
                                "32",
                                "--batch-size",
                                "8",
                                "--learning-rate",
                                "0.003",
                                "--epochs",
                                "4"));
        JsonObject figures = tuned.getAsJsonObject("test");
        assertTrue(figures.get("entityF1").getAsDouble() > 0.95, figures::toString);
        assertEquals(
                figures,
                json(run(
                                "evaluate",
                                "--model",
                                out.toString(),
                                "--test",
                                test.toString(),
                                "--json"))
                        .get("metrics"));
        assertTrue(
                Files.readString(out.resolve("README.md"), StandardCharsets.UTF_8)
                        .contains("documents of any length"));
        predicts(out);
        labelsDocuments(out);
    }

    private void labelsDocuments(Path model) throws IOException {
        String filler = "the sun and the sea were calm ".repeat(60);
        String text = filler + "mr ann\n bo were in flo. " + filler + "\fin gus.";
        Path file = Files.writeString(folder.resolve("a.txt"), text);
        Path pdf = folder.resolve("b.pdf");
        PdfFile.write(pdf, "the sea", "in cy.");
        Path binary = Files.write(folder.resolve("c.txt"), new byte[] {1, 0, 2});
        String[] all = {
            "--model",
            model.toString(),
            "--documents",
            file.toString(),
            binary.toString(),
            pdf.toString()
        };
        Shell lines = run("predict", all);
        assertEquals(Main.FAILED, lines.code(), lines::err); // the second is no text
        assertTrue(lines.err().contains("c.txt must be text, got binary data"), lines::err);
        int ann = text.indexOf("ann");
        int flo = text.indexOf("flo");
        int gus = text.indexOf("gus");
        assertEquals(
                List.of(
                        "PER\tann bo\t%s\t%d\t%d\t1".formatted(file, ann, ann + 7),
                        "LOC\tflo\t%s\t%d\t%d\t1".formatted(file, flo, flo + 3),
                        "LOC\tgus\t%s\t%d\t%d\t2".formatted(file, gus, gus + 3),
                        "LOC\tcy\t%s\t11\t13\t2".formatted(pdf)),
                lines.out().lines().toList());
        Shell json = run("predict", "--model", model.toString(), "--documents", "--json", pdf + "");
        JsonObject label = json(json);
        assertEquals("cy", label.get("words").getAsString());
        assertEquals(pdf.toString(), label.get("document").getAsString());
        assertTrue(label.get("score").getAsDouble() > 0.5, label::toString);
        assertEquals(
                "jzoo predict: --work must be left out with a model that labels words: they are"
                        + " printed while a document is read",
                first(
                        "predict",
                        "--model",
                        model.toString(),
                        "--work",
                        folder.toString(),
                        "--documents",
                        file.toString()));
    }
}
