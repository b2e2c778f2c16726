package org.jzoo.examples.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.examples.recipe.VqaConfig;
import org.jzoo.examples.recipe.VqaRun;
import org.jzoo.examples.recipe.VqaVariant;
import org.jzoo.training.report.Environment;
import org.jzoo.zoo.j1.J1Size;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;

final class LiteVqaRunTest {

    private static LiteVqaConfig config(Path folder, double share) {
        return new LiteVqaConfig(
                folder.resolve("models"),
                folder.resolve("work"),
                folder.resolve("packed"),
                share,
                1,
                1,
                2,
                1,
                1e-3,
                1,
                Precision.FLOAT32,
                Device.cpu());
    }

    @Test
    void everyVariantIsMeasuredOnceAndThePackedOneLoads(@TempDir Path folder) throws Exception {
        VqaRun.run(
                VqaConfig.builder(VqaVariant.FULL)
                        .optSize(J1Size.TINY.withLayers(1, 1, 2))
                        .optEpochs(1)
                        .optPictures(2)
                        .optMirrored(true)
                        .optSaveTo(folder.resolve("models/j1-full-17"))
                        .build(),
                Device.cpu());
        LiteVqaConfig config = config(folder, 0.5);
        Path file = folder.resolve("lines.jsonl");
        List<LiteFigures> heard = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            LiteVqaRun.run(config, 17, LiteVqaRun.VARIANTS, file, heard::add);
        }
        List<LiteFigures> lines = new JsonLines<>(file, LiteFigures.class).read();
        assertEquals(heard, lines);
        assertEquals(
                List.of(
                        "teacher teacher",
                        "full pruned",
                        "full trained",
                        "full rounded",
                        "full packed",
                        "no-importance trained",
                        "no-distillation trained",
                        "truncated trained",
                        "scratch trained"),
                lines.stream().map(f -> f.variant() + " " + f.step()).toList());
        for (LiteFigures f : lines) {
            assertTrue(f.score() >= 0 && f.score() <= 1, f.toString());
            assertTrue(
                    f.step().equals("teacher") || f.weights() <= 0.5 * lines.get(0).weights(),
                    f.toString());
        }
        // Where lines were lost, what was taught is read again.
        Path others = folder.resolve("others.jsonl");
        LiteVqaRun.run(config, 17, List.of(LiteVariant.TRUNCATED), others, f -> {});
        LiteFigures again = new JsonLines<>(others, LiteFigures.class).read().get(1);
        assertEquals(lines.get(7).metrics(), again.metrics());
        assertTrue(again.seconds() < lines.get(7).seconds(), again.toString());
        Path packed = folder.resolve("packed/full-17");
        try (LoadedModel small = ModelFolder.load(packed, Device.cpu())) {
            assertEquals(lines.get(4).weights(), small.numParameters());
        }
        String card = Files.readString(packed.resolve(ModelFolder.CARD));
        assertTrue(card.contains("| relational, teacher | test |"), card);
        assertTrue(card.contains("base_model") || card.contains("j1-full-17"), card);
        String table =
                LiteVqaTable.of(lines, "command", "commit", Environment.current(Map.of()))
                        .toMarkdown();
        assertTrue(table.contains("| packed "), table);
        assertTrue(table.contains("of the teacher"), table);
    }

    @Test
    void refusesWhatIsOutOfRange(@TempDir Path folder) {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> config(folder, 1));
        assertEquals("share must be in (0, 1), got share=1.0", error.getMessage());
        error =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                LiteVqaRun.run(
                                        config(folder, 0.5),
                                        17,
                                        List.of(LiteVariant.GENERAL_FIRST),
                                        folder.resolve("lines"),
                                        f -> {}));
        assertTrue(error.getMessage().endsWith("got variant=general-first"), error.getMessage());
    }
}
