package org.jzoo.training.compression.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.blocks.quantization.QuantizedLinear;
import org.jzoo.blocks.quantization.ScaleRule;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.training.tuning.Adapters;
import org.jzoo.training.tuning.Tuning;

class QuantizationAwareTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void trainingWithRoundedWeightsBeatsRoundingAfterwards() {
        WeightGrid grid = WeightGrid.perChannel(2);
        SmallClassifier model = SmallClassifier.trained(manager, 200, SmallClassifier.OVERLAPPING);
        double plain = model.loss(manager);
        new QuantizationAware(grid, ScaleRule.RANGE, QuantizationAware.ALL).apply(model);
        double rounded = model.loss(manager);
        assertTrue(rounded > 1.2 * plain, "rounding must cost something: " + rounded);
        // As many steps in all, the latter half of them with rounded weights.
        SmallClassifier aware = SmallClassifier.trained(manager, 100, SmallClassifier.OVERLAPPING);
        new QuantizationAware(grid, ScaleRule.LEARNED, QuantizationAware.ALL).apply(aware);
        aware.train(manager, 100);
        double trained = aware.loss(manager);
        assertTrue(trained < 0.5 * rounded, trained + " against " + rounded);
        assertTrue(
                trained - plain < 0.5 * (rounded - plain),
                "%s plain, %s rounded, %s trained".formatted(plain, rounded, trained));
        QuantizationAware.merge(aware);
        assertEquals(trained, aware.loss(manager), 1e-5);
    }

    @Test
    void packedMapsComputeWhatWasTrained() {
        SmallClassifier model = SmallClassifier.trained(manager, 20);
        new QuantizationAware(WeightGrid.perGroup(4, 4), ScaleRule.LEARNED, List.of("*.up", "head"))
                .apply(model);
        double before = model.loss(manager);
        QuantizationAware.pack(model);
        assertEquals(before, model.loss(manager), 1e-5);
        assertEquals(2, PackedMaps.of(model).size());
    }

    @Test
    void onlyMatchedMapsAreWrapped() {
        SmallClassifier model = SmallClassifier.trained(manager, 0);
        new QuantizationAware(WeightGrid.perChannel(4), ScaleRule.RANGE, List.of("*.up"))
                .apply(model);
        assertTrue(((Part) model.part("body")).part("up") instanceof QuantizedLinear);
        assertTrue(Adapters.linearPaths(model).contains("head"));
    }

    @Test
    void whatCannotBeWrappedIsRefused() {
        SmallClassifier model = SmallClassifier.trained(manager, 0);
        assertEquals(
                "targets must match linear maps of the model, got targets=*.query; there are:"
                        + " body.up, body.down, head",
                message(
                        () ->
                                new QuantizationAware(
                                                WeightGrid.perChannel(4),
                                                ScaleRule.RANGE,
                                                List.of("*.query"))
                                        .apply(model)));
        Tuning.lora(2).withTargets(List.of("*.up")).apply(model);
        assertEquals(
                "adapters must be merged before weights are rounded, got adapters=[body.up]",
                message(
                        () ->
                                new QuantizationAware(
                                                WeightGrid.perChannel(4),
                                                ScaleRule.RANGE,
                                                QuantizationAware.ALL)
                                        .apply(model)));
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
