package org.jzoo.examples.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.J1Size;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;

class VqaRunTest {

    private static final J1Size SMALL = J1Size.TINY.withLayers(1, 1, 1);

    @TempDir private Path temporary;

    private static VqaConfig.Builder config(VqaVariant variant) {
        return VqaConfig.builder(variant)
                .optSize(SMALL)
                .optEpochs(1)
                .optPictures(2)
                .optBatchPictures(2);
    }

    @Test
    void aRunIsMeasuredRecordedAndSavedAsAModelFolder() throws Exception {
        Path folder = temporary.resolve("model");
        Path lines = temporary.resolve("j1.jsonl");
        VqaConfig config = config(VqaVariant.FULL).optSaveTo(folder).build();
        VqaRun.Figures figures = VqaRun.run(config, Device.cpu(), lines);
        assertEquals(List.of(figures), VqaRun.read(lines));
        assertTrue(figures.isOf(config));
        assertEquals(15, figures.metrics().size());
        assertEquals(0, figures.metrics().get("image weight, no image"));
        assertEquals(0, figures.metrics().get("text weight, no text"));
        figures.metrics().forEach((name, v) -> assertTrue(v >= 0 && v <= 1, name + " " + v));
        try (LoadedModel model = ModelFolder.load(folder, Device.cpu())) {
            assertEquals(figures.parameters(), model.numParameters());
            assertEquals(10, ((AnswerTask) model.config().task()).labels().size());
            long[] ids = model.tokenizer().encode("What shape is the Red object?").ids();
            assertEquals("what shape is the red object", model.tokenizer().decode(ids));
            assertEquals(7, ids.length);
        }
        ResultsFile table =
                VqaTable.of(VqaRun.read(lines), "command", "commit", Environment.current(Map.of()));
        assertTrue(table.toMarkdown().contains("| full "), table.toMarkdown());
    }

    @ParameterizedTest
    @EnumSource(
            value = VqaVariant.class,
            names = {"TEXT_ONLY", "IMAGE_ONLY", "NO_GATE", "TOKEN_GATE"})
    void whatItIsComparedWithRunsToo(VqaVariant variant) throws Exception {
        VqaRun.Figures figures = VqaRun.run(config(variant).build(), Device.cpu());
        assertTrue(Double.isFinite(figures.loss()), variant.label());
        assertEquals(variant.hasBoth(), figures.metrics().containsKey("without image"));
    }

    @Test
    void whatItIsComparedWithHasAboutAsManyWeights() {
        double full = parameters(VqaVariant.FULL);
        for (VqaVariant variant : VqaVariant.values()) {
            assertEquals(1, parameters(variant) / full, 0.1, variant.label());
        }
    }

    private static double parameters(VqaVariant variant) {
        return variant
                .config(J1Size.TINY, 60, 24, 0)
                .create(new AnswerTask(List.of("a", "b"), 0))
                .getParameters()
                .values()
                .stream()
                .mapToLong(p -> p.getShape().size())
                .sum();
    }

    @Test
    void rejectsWhatIsNoVariant() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> VqaVariant.named("fulll"));
        assertTrue(e.getMessage().endsWith("got variant=fulll"), e.getMessage());
    }
}
