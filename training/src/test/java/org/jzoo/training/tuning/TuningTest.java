package org.jzoo.training.tuning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.adapter.LoraConfig;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.PartJson;

class TuningTest {

    private NDManager manager;
    private TinyModel model;
    private NDArray x;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
        model = TinyModel.withWeights(manager);
        x = TinyModel.input(manager);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** The paths whose gradients a training pass makes; all must be finite and not all zero. */
    private static Set<String> pathsWithGradients(Part model) {
        Set<String> paths = new TreeSet<>();
        ParameterPaths.of(model)
                .forEach(
                        (path, parameter) -> {
                            if (parameter.getArray().hasGradient()) {
                                NDArray gradient = parameter.getArray().getGradient();
                                assertFalse(gradient.isNaN().any().getBoolean(), path);
                                paths.add(path);
                            }
                        });
        return paths;
    }

    private static void randomize(Part model) {
        Random random = new Random(9);
        try (GradientMode off = GradientMode.off()) {
            for (Parameter parameter : Adapters.state(model).values()) {
                parameter.getArray().set(TinyModel.random(random, parameter.getShape()));
            }
        }
    }

    @Test
    void fullTuningTrainsEverything() {
        Tuning.full().apply(model);
        model.run(x, true);
        assertEquals(ParameterPaths.of(model).keySet(), pathsWithGradients(model));
    }

    @Test
    void headOnlyTrainsTheHead() {
        Tuning.headOnly().apply(model);
        model.run(x, true);
        assertEquals(Set.of("head.weight", "head.bias"), pathsWithGradients(model));
        assertEquals(Set.of("head.weight", "head.bias"), Adapters.state(model).keySet());
    }

    @Test
    void patternsNameWhatTrains() {
        new PatternTuning(List.of("body.layers.1.mixerNorm.*", "*.query.bias")).apply(model);
        model.run(x, true);
        assertEquals(
                Set.of(
                        "body.layers.1.mixerNorm.weight",
                        "body.layers.1.mixerNorm.bias",
                        "body.layers.0.mixer.query.bias",
                        "body.layers.1.mixer.query.bias"),
                pathsWithGradients(model));
    }

    @Test
    void aFreshAdapterLeavesTheOutputUnchanged() {
        float[] before = model.run(x, false);
        Tuning.lora(2).apply(model);
        assertArrayEquals(before, model.run(x, false));
    }

    @Test
    void onlyTheAdaptersAndTheHeadLearn() {
        Tuning.lora(2).apply(model);
        model.run(x, true);
        Set<String> expected = new TreeSet<>(Set.of("head.weight", "head.bias"));
        for (int layer = 0; layer < 2; layer++) {
            for (String map : List.of("query", "value")) {
                for (String matrix : List.of("loraA", "loraB")) {
                    expected.add("body.layers.%d.mixer.%s.%s".formatted(layer, map, matrix));
                }
            }
        }
        assertEquals(expected, pathsWithGradients(model));
        assertEquals(expected, new TreeSet<>(Adapters.state(model).keySet()));
    }

    @Test
    void allLinearMapsButTheHeadMayHaveAdapters() {
        Tuning.lora(2).withTargets(LoraTuning.ALL_LINEAR).apply(model);
        assertEquals(12, Adapters.of(model).size());
        assertInstanceOf(Linear.class, model.part("head"));
        assertEquals(Set.of("head"), Adapters.linearPaths(model));
    }

    @Test
    void biasesOfAdaptedMapsMayLearnToo() {
        LoraTuning tuning = Tuning.lora(2);
        tuning.withTrainable(List.of("head.*", "*.base.bias")).apply(model);
        model.run(x, true);
        assertTrue(pathsWithGradients(model).contains("body.layers.1.mixer.query.base.bias"));
        assertFalse(pathsWithGradients(model).contains("body.layers.1.mixer.key.bias"));
    }

    @Test
    void adaptersMayBeAddedBeforeTheWeights() {
        TinyModel late = TinyModel.withoutWeights();
        Tuning.lora(2).apply(late);
        late.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 8));
        late.run(x, true);
        assertEquals(10, pathsWithGradients(late).size());
    }

    @Test
    void theMergedModelIsPlainAndComputesTheSame() {
        List<String> paths = new ArrayList<>(ParameterPaths.of(model).keySet());
        List<String> keys = model.getParameters().keys();
        float[] plain = model.run(x, false);
        Tuning.lora(2).withTargets(LoraTuning.ALL_LINEAR).apply(model);
        randomize(model);
        float[] tuned = model.run(x, false);
        assertTrue(Math.abs(tuned[0] - plain[0]) > 1e-3);
        Adapters.merge(model);
        assertArrayEquals(tuned, model.run(x, false), 1e-5f);
        assertEquals(paths, new ArrayList<>(ParameterPaths.of(model).keySet()));
        assertEquals(keys, model.getParameters().keys());
    }

    @Test
    void theStateMakesTheSameModelOfAnotherCopy() {
        LoraTuning tuning = Tuning.lora(2);
        tuning.apply(model);
        randomize(model);
        TinyModel copy = TinyModel.withWeights(manager);
        PartJson.fromJson(PartJson.toJson(tuning), LoraTuning.class).apply(copy);
        Adapters.load(copy, values());
        assertArrayEquals(model.run(x, false), copy.run(x, false));
    }

    private Map<String, NDArray> values() {
        Map<String, NDArray> values = new LinkedHashMap<>();
        Adapters.state(model).forEach((path, p) -> values.put(path, p.getArray()));
        return values;
    }

    @Test
    void anotherModelsStateIsRefusedAndChangesNothing() {
        Tuning.lora(2).apply(model);
        float[] before = model.run(x, false);
        Map<String, NDArray> values = values();
        values.remove("head.bias");
        values.put("head.weight", manager.ones(new Shape(3, 7)));
        values.put("tail.weight", manager.ones(new Shape(1)));
        assertEquals(
                "the adapter must be one of this model: head.weight must have shape (3, 8), got"
                        + " (3, 7); missing head.bias (3); unexpected tail.weight",
                message(() -> Adapters.load(model, values)));
        assertArrayEquals(before, model.run(x, false));
    }

    @Test
    void aTargetThatMatchesNothingListsTheLinearMaps() {
        LoraTuning tuning = Tuning.lora(2).withTargets(List.of("*.query", "*.qurey"));
        String message = message(() -> tuning.apply(model));
        assertTrue(
                message.startsWith(
                        "targets must match linear maps of the model, got targets=*.qurey; there"
                                + " are: body.layers.0.mixer.query, body.layers.0.mixer.key, "),
                message);
        assertTrue(message.endsWith("body.layers.1.feedForward.down, head"), message);
        assertTrue(Adapters.of(model).isEmpty());
    }

    @Test
    void patternsThatMatchNothingAreRefused() {
        String message = message(() -> new PatternTuning(List.of("tail.*")).apply(model));
        assertTrue(
                message.startsWith(
                        "trainable must match parameters of the model, got trainable=tail.*; there"
                                + " are: body.layers.0.mixer.query.weight, "),
                message);
        assertEquals(
                "trainable must have a pattern, got trainable=[]",
                message(() -> new PatternTuning(List.of())));
        assertEquals(
                "targets must have a pattern, got targets=[]",
                message(
                        () ->
                                new LoraTuning(
                                        new LoraConfig(2, 4, 0, false),
                                        List.of(),
                                        List.of(),
                                        null)));
    }

    @Test
    void aRankAboveTheWidthIsRefused() {
        assertEquals(
                "rank must be <= min(In, Out), got rank=9, In=8, Out=8",
                message(() -> Tuning.lora(9).apply(model)));
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
