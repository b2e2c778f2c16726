package org.jzoo.examples.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.report.Environment;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.translator.TextPair;
import org.jzoo.zoo.weights.TensorType;

final class LiteRunTest {

    private static final int LENGTH = 128;
    private static final long HEAD = 128 * 129 + 2 * 129; // is not planned for

    private static void write(Path folder, String header, List<String> rows) throws IOException {
        Files.createDirectories(folder);
        String text = (header == null ? "" : header + "\n") + String.join("\n", rows) + "\n";
        Files.writeString(folder.resolve("train.tsv"), text);
        Files.writeString(folder.resolve("dev.tsv"), text);
    }

    private static Path glue(Path folder) throws IOException {
        write(
                folder.resolve("SST-2"),
                "sentence\tlabel",
                List.of("a fine day\t1", "a bad day\t0", "so fine\t1", "so bad\t0"));
        write(
                folder.resolve("CoLA"),
                null,
                List.of("g\t1\t\tthe day is fine", "g\t0\t*\tday the fine is"));
        String mrpc = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String";
        write(
                folder.resolve("MRPC"),
                mrpc,
                List.of("1\t1\t2\ta fine day\tfine is the day", "0\t1\t2\ta day\tso bad"));
        write(
                folder.resolve("RTE"),
                "index\tsentence1\tsentence2\tlabel",
                List.of("0\ta fine day\ta day\tentailment", "1\ta day\tbad\tnot_entailment"));
        write(
                folder.resolve("STS-B"),
                "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2"
                        + "\tscore",
                List.of(
                        "0\tg\tf\t1\t1\ts\ts\ta fine day\tfine day\t5.0",
                        "1\tg\tf\t1\t1\ts\ts\ta day\tbad\t1.0",
                        "2\tg\tf\t1\t1\ts\ts\tso bad\ta fine day\t0.0"));
        return folder;
    }

    private static Path teacher(Path folder) throws IOException {
        EncoderConfig encoder =
                new PostNormEncoder(30522, 128, 3, 2, 64, Activation.GELU, 0.1, 0, 1e-12)
                        .config(new LearnedPositionOption(LENGTH), LENGTH, 2, 0, false);
        try (InputStream in =
                        LiteRunTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json");
                LoadedModel model =
                        LoadedModel.fresh(
                                "tiny",
                                ModelConfig.of(
                                        "bert", encoder, new EmbeddingTask(Pooling.FIRST, true)),
                                TextTokenizer.of(in.readAllBytes(), LENGTH),
                                5,
                                Device.cpu())) {
            ModelFolder.save(folder, model, "# Tiny\n", TensorType.F32);
        }
        return folder;
    }

    private static LiteConfig config(Path temporary, Path teacher) throws IOException {
        return new LiteConfig(
                glue(temporary.resolve("glue")),
                null,
                temporary.resolve("work"),
                teacher.toString(),
                0.07,
                64,
                2,
                4,
                2,
                2,
                3,
                Precision.FLOAT32,
                Device.cpu());
    }

    @Test
    void everyVariantIsMeasuredOnceAndTheSmallModelLoads(@TempDir Path temporary) throws Exception {
        LiteConfig config = config(temporary, teacher(temporary.resolve("tiny")));
        Path file = temporary.resolve("lines.jsonl");
        List<LiteFigures> heard = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            LiteRun.run(
                    config,
                    List.of(GlueTask.MRPC, GlueTask.STSB),
                    List.of(17L),
                    List.of(LiteVariant.values()),
                    file,
                    new int[] {0, 1},
                    heard::add);
        }
        List<LiteFigures> lines = new JsonLines<>(file, LiteFigures.class).read();
        assertEquals(heard, lines);
        assertEquals(2 * 10, lines.size());
        long whole = lines.get(0).weights();
        for (LiteFigures f : lines) {
            assertTrue(f.score() >= -1 && f.score() <= 1, f.toString());
            assertTrue(
                    f.step().equals("teacher")
                            || f.step().equals("rounded")
                            || f.weights() <= 0.07 * whole + HEAD,
                    f.toString());
        }
        try (LoadedModel small =
                ModelFolder.load(config.work().resolve("full-MRPC-17"), Device.cpu())) {
            assertEquals(2, small.classify(new TextPair("a fine day", "fine")).items().size());
        }
        String table =
                LiteTable.of(lines, "command", "commit", Environment.current(Map.of()))
                        .toMarkdown();
        assertTrue(table.contains("| packed "), table);
        assertTrue(table.contains("of the teacher"), table);
    }

    @Test
    void refusesNumbersOutOfRange(@TempDir Path temporary) {
        IllegalArgumentException error =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new LiteConfig(
                                        temporary,
                                        null,
                                        temporary,
                                        "tiny",
                                        2,
                                        64,
                                        1,
                                        1,
                                        1,
                                        1,
                                        1,
                                        Precision.FLOAT32,
                                        Device.cpu()));
        assertEquals("share must be in (0, 1), got share=2.0", error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> LiteVariant.named("half"));
    }
}
