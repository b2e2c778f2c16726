package org.jzoo.examples.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.report.Environment;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.translator.TextPair;

final class LiteRunTest {

    private static final long HEAD = 128 * 129 + 2 * 129; // is not planned for

    private static LiteConfig config(Path temporary, Path teacher) throws IOException {
        return new LiteConfig(
                TinyGlue.glue(temporary.resolve("glue")),
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
        LiteConfig config = config(temporary, TinyGlue.model(temporary.resolve("tiny")));
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
        Files.write(
                file,
                Files.readAllLines(file).stream()
                        .filter(line -> !(line.contains("MRPC") && line.contains("\"packed\"")))
                        .toList());
        List<LiteFigures> again = new ArrayList<>();
        LiteRun.run(
                config,
                List.of(GlueTask.MRPC),
                List.of(17L),
                List.of(LiteVariant.values()),
                file,
                new int[] {0, 1},
                again::add);
        assertEquals(List.of("packed"), again.stream().map(LiteFigures::step).toList());
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
        String card = Files.readString(config.work().resolve("full-MRPC-17/README.md"));
        LiteFigures packed =
                lines.stream()
                        .filter(f -> f.task().equals("MRPC") && f.step().equals("packed"))
                        .findFirst()
                        .orElseThrow();
        String accuracy = "%.4f".formatted(packed.metrics().get("accuracy"));
        assertTrue(card.contains("| accuracy | dev | " + accuracy), card);
        assertTrue(card.contains("| accuracy, teacher | dev |"), card);
        assertTrue(card.contains(GlueTask.MRPC.sha256(config.glue())), card);
        assertFalse(card.contains(temporary.toString()), card);
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
