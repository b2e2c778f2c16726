package org.jzoo.training.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;

final class AdamWTest {

    private NDManager manager;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
        parameters.put("head.weight", parameter(1, 2, 3));
        parameters.put("head.bias", parameter(4, 5));
        parameters.put("body.mixerNorm.weight", parameter(6));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray parameter(float... values) {
        NDArray parameter = manager.create(values);
        parameter.setRequiresGradient(true);
        return parameter;
    }

    private void addGradient(String path, float... values) {
        GradientMode.backward(parameters.get(path), manager.create(values));
    }

    @Test
    void secondStepEqualsOneWorkedByHand() {
        // Decay first (p · (1 - 0.1 · 0.5)), then rate · m̂ / (√v̂ + ε) with m̂, v̂ corrected for
        // bias.
        AdamWConfig config =
                AdamWConfig.builder()
                        .setLearningRate(0.2)
                        .optBetas(0.5, 0.75)
                        .optEpsilon(1e-3)
                        .optWeightDecay(0.5)
                        .build();
        double p = 1;
        double m = 0;
        double v = 0;
        try (AdamW optimizer = new AdamW(parameters, config)) {
            for (int t = 1; t <= 2; t++) {
                double g = t == 1 ? 2 : -1;
                addGradient("head.weight", (float) g, 0, 0);
                optimizer.step(0.5);
                optimizer.zeroGradients();
                p -= 0.1 * 0.5 * p;
                m = 0.5 * m + 0.5 * g;
                v = 0.75 * v + 0.25 * g * g;
                p -=
                        0.1
                                * (m / (1 - Math.pow(0.5, t)))
                                / (Math.sqrt(v / (1 - Math.pow(0.75, t))) + 1e-3);
            }
            assertEquals(p, parameters.get("head.weight").toFloatArray()[0], 1e-6);
            AdamW.State state = optimizer.states().get("head.weight");
            assertEquals(m, state.first().toFloatArray()[0], 1e-6);
            assertEquals(v, state.second().toFloatArray()[0], 1e-6);
            assertEquals(2, state.steps().toFloatArray()[0]);
        }
    }

    @Test
    void biasesAndNormsDoNotDecay() {
        AdamWConfig config = AdamWConfig.builder().setLearningRate(0.1).optWeightDecay(0.5).build();
        try (AdamW optimizer = new AdamW(parameters, config)) {
            addGradient("head.weight", 0, 0, 0);
            addGradient("head.bias", 0, 0);
            addGradient("body.mixerNorm.weight", 0);
            optimizer.step(1);
        }
        assertArrayEquals(
                new float[] {0.95f, 1.9f, 2.85f},
                parameters.get("head.weight").toFloatArray(),
                1e-6f);
        assertArrayEquals(new float[] {4, 5}, parameters.get("head.bias").toFloatArray());
        assertArrayEquals(new float[] {6}, parameters.get("body.mixerNorm.weight").toFloatArray());
    }

    @Test
    void groupsMultiplyRateAndDecay() {
        AdamWConfig config =
                AdamWConfig.builder()
                        .setLearningRate(0.1)
                        .optWeightDecay(0.5)
                        .optNoDecay(List.of())
                        .optGroups(
                                List.of(
                                        new ParameterGroup("head.*", 10, 0),
                                        new ParameterGroup("*bias", 1000, 1000)))
                        .build();
        try (AdamW optimizer = new AdamW(parameters, config)) {
            addGradient("head.weight", 3, 3, 3);
            addGradient("head.bias", -3, -3);
            addGradient("body.mixerNorm.weight", 3);
            optimizer.step(1);
        }
        // A first step is the rate times the gradient's sign.
        assertArrayEquals(
                new float[] {0, 1, 2}, parameters.get("head.weight").toFloatArray(), 1e-6f);
        assertArrayEquals(new float[] {5, 6}, parameters.get("head.bias").toFloatArray(), 1e-6f);
        assertArrayEquals(
                new float[] {6 * 0.95f - 0.1f},
                parameters.get("body.mixerNorm.weight").toFloatArray(),
                1e-6f);
    }

    @Test
    void whatHasNoGradientStaysAsItIs() {
        try (AdamW optimizer = new AdamW(parameters, AdamWConfig.of(0.1))) {
            addGradient("head.bias", 1, 1);
            optimizer.step(1);
            assertEquals(0, optimizer.states().get("head.weight").steps().toFloatArray()[0]);
        }
        assertArrayEquals(new float[] {1, 2, 3}, parameters.get("head.weight").toFloatArray());
    }

    @Test
    void clippingScalesAllGradientsToTheGlobalNorm() {
        try (AdamW optimizer = new AdamW(parameters, AdamWConfig.of(0.1))) {
            addGradient("head.weight", 0, 6, 0);
            addGradient("head.bias", 0, -8);
            assertEquals(10, optimizer.clipGradients(0, manager).toFloatArray()[0]);
            assertEquals(10, optimizer.clipGradients(5, manager).toFloatArray()[0]);
            assertArrayEquals(
                    new float[] {0, 3, 0},
                    parameters.get("head.weight").getGradient().toFloatArray(),
                    1e-5f);
            assertArrayEquals(
                    new float[] {0, -4},
                    parameters.get("head.bias").getGradient().toFloatArray(),
                    1e-5f);
            assertEquals(5, optimizer.clipGradients(7, manager).toFloatArray()[0], 1e-5f);
            assertEquals(5, optimizer.clipGradients(0, manager).toFloatArray()[0], 1e-5f);
            optimizer.zeroGradients();
            assertEquals(0, optimizer.clipGradients(0, manager).toFloatArray()[0]);
        }
    }

    private NDArray weighted(String path, float... factors) {
        try (GradientMode on = GradientMode.on()) {
            return parameters.get(path).mul(manager.create(factors)).sum();
        }
    }

    @Test
    void keptGradientsMoveParametersAsTheirOwnDo() {
        AdamWConfig config =
                AdamWConfig.builder()
                        .setLearningRate(0.1)
                        .optGroups(List.of(new ParameterGroup("head.*", 3, 1)))
                        .build();
        Map<String, float[]> expected = new LinkedHashMap<>();
        for (boolean kept : new boolean[] {false, true}) {
            parameters.get("head.weight").set(new float[] {1, 2, 3});
            parameters.get("head.bias").set(new float[] {4, 5});
            try (AdamW optimizer = new AdamW(parameters, config)) {
                for (float factor : new float[] {1, -3, 2}) {
                    NDArray loss = weighted("head.weight", factor, 6, factor);
                    NDArray second = weighted("head.bias", 2, -8 * factor);
                    for (NDArray term : List.of(loss, second)) {
                        if (kept) {
                            optimizer.backward(term);
                        } else {
                            GradientMode.backward(term);
                        }
                    }
                    optimizer.clipGradients(0.5, manager);
                    optimizer.step(1);
                    optimizer.zeroGradients();
                }
                assertEquals(0, optimizer.clipGradients(0, manager).toFloatArray()[0]);
            }
            for (String path : List.of("head.weight", "head.bias")) {
                float[] moved = parameters.get(path).toFloatArray();
                float[] before = expected.putIfAbsent(path, moved);
                if (before != null) {
                    assertArrayEquals(before, moved, 1e-6f);
                }
            }
        }
        assertArrayEquals(new float[] {6}, parameters.get("body.mixerNorm.weight").toFloatArray());
    }

    @Test
    void keptGradientsAreClippedToTheGlobalNorm() {
        try (AdamW optimizer = new AdamW(parameters, AdamWConfig.of(0.1))) {
            optimizer.backward(weighted("head.weight", 0, 6, 0));
            optimizer.backward(weighted("head.bias", 0, -8));
            assertEquals(10, optimizer.clipGradients(0, manager).toFloatArray()[0]);
            assertEquals(10, optimizer.clipGradients(5, manager).toFloatArray()[0]);
            assertEquals(5, optimizer.clipGradients(7, manager).toFloatArray()[0], 1e-5f);
            assertEquals(5, optimizer.clipGradients(0, manager).toFloatArray()[0], 1e-5f);
        }
    }

    @Test
    void aParameterThatALossOnceReachedMovesOnWithItsMomentum() {
        Map<Boolean, float[]> ends = new LinkedHashMap<>();
        for (boolean kept : new boolean[] {false, true}) {
            parameters.get("head.bias").set(new float[] {4, 5});
            try (AdamW optimizer = new AdamW(parameters, AdamWConfig.of(0.1))) {
                for (String path : List.of("head.bias", "head.weight", "head.weight")) {
                    NDArray loss = weighted(path, path.endsWith("bias") ? twos(2) : twos(3));
                    if (kept) {
                        optimizer.backward(loss);
                    } else {
                        GradientMode.backward(loss);
                    }
                    optimizer.step(1);
                    optimizer.zeroGradients();
                }
                assertEquals(3, optimizer.states().get("head.bias").steps().toFloatArray()[0]);
                assertEquals(2, optimizer.states().get("head.weight").steps().toFloatArray()[0]);
                assertEquals(
                        0,
                        optimizer.states().get("body.mixerNorm.weight").steps().toFloatArray()[0]);
            }
            ends.put(kept, parameters.get("head.bias").toFloatArray());
            parameters.replaceAll((path, old) -> parameter(old.toFloatArray()));
        }
        assertArrayEquals(ends.get(false), ends.get(true), 1e-6f);
    }

    private static float[] twos(int count) {
        float[] twos = new float[count];
        Arrays.fill(twos, 2);
        return twos;
    }

    @Test
    void gradientsThatShareMemoryAreEachScaledOnce() {
        parameters.put("twin", parameter(0, 0));
        try (AdamW optimizer = new AdamW(parameters, AdamWConfig.of(0.1));
                GradientMode on = GradientMode.on()) {
            NDArray sum = parameters.get("head.bias").add(parameters.get("twin"));
            optimizer.backward(sum.mul(manager.create(new float[] {3, 4})).sum());
            assertEquals(
                    Math.sqrt(50), optimizer.clipGradients(1, manager).toFloatArray()[0], 1e-5);
            assertEquals(1, optimizer.clipGradients(0, manager).toFloatArray()[0], 1e-5);
        }
    }

    @Test
    void rejectsPatternThatMatchesNothing() {
        AdamWConfig config =
                AdamWConfig.builder()
                        .setLearningRate(1)
                        .optGroups(List.of(new ParameterGroup("haed.*", 1, 1)))
                        .build();
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new AdamW(parameters, config));
        assertEquals(
                "pattern must match a trainable parameter, got pattern=haed.*,"
                        + " parameters=[head.weight, head.bias, body.mixerNorm.weight]",
                e.getMessage());
    }

    @Test
    void rejectsNumbersOutOfRange() {
        assertEquals(
                "learningRate must be >= 0 and finite, got learningRate=NaN",
                assertThrows(IllegalArgumentException.class, () -> AdamWConfig.of(Double.NaN))
                        .getMessage());
        assertEquals(
                "beta2 must be in [0, 1), got beta2=1.0",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        AdamWConfig.builder()
                                                .setLearningRate(1)
                                                .optBetas(0, 1)
                                                .build())
                        .getMessage());
    }
}
