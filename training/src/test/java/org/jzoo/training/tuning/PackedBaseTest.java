package org.jzoo.training.tuning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.PartJson;
import org.jzoo.blocks.quantization.PackedLinear;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.ModelEvaluation;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;

class PackedBaseTest {

    private static final LoraTuning TUNING = Tuning.lora(2).withBase(WeightGrid.perGroup(4, 4));

    private NDManager manager;
    private TinyModel model;
    private NDArray x;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
        PyTorch.seed(5);
        model = TinyModel.withWeights(manager);
        x = TinyModel.input(manager);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static Map<String, float[]> gradients(Part model) {
        Map<String, float[]> gradients = new TreeMap<>();
        Adapters.state(model)
                .forEach(
                        (path, p) ->
                                gradients.put(path, p.getArray().getGradient().toFloatArray()));
        return gradients;
    }

    private static void randomize(Part model) {
        Random random = new Random(9);
        try (GradientMode off = GradientMode.off()) {
            for (Parameter parameter : Adapters.state(model).values()) {
                parameter.getArray().set(TinyModel.random(random, parameter.getShape()));
            }
        }
    }

    private static long bytes(Part model) {
        return ParameterPaths.of(model).values().stream()
                .map(Parameter::getArray)
                .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes())
                .sum();
    }

    @Test
    void gradientsEqualThoseBesideTheWidenedWeights() {
        TUNING.apply(model);
        randomize(model);
        TinyModel wide = TinyModel.withWeights(manager);
        Tuning.lora(2).apply(wide);
        randomize(wide);
        Map<String, Parameter> weights = ParameterPaths.of(wide);
        PackedMaps.of(model)
                .forEach(
                        (path, map) -> {
                            try (GradientMode off = GradientMode.off()) {
                                weights.get(path + ".weight")
                                        .getArray()
                                        .set(map.weight().toFloatArray());
                            }
                        });
        assertArrayEquals(wide.run(x, true), model.run(x, true), 1e-5f);
        Map<String, float[]> want = gradients(wide);
        Map<String, float[]> got = gradients(model);
        assertEquals(want.keySet(), got.keySet());
        assertEquals(10, want.size());
        want.forEach((path, gradient) -> assertArrayEquals(gradient, got.get(path), 1e-4f, path));
    }

    @Test
    void everyFrozenMapIsPackedAndItsFloatsAreFreed() {
        long before = bytes(model);
        List<NDArray> frozen =
                ParameterPaths.of(model).entrySet().stream()
                        .filter(e -> e.getKey().matches(".*(query|up).weight"))
                        .map(e -> e.getValue().getArray())
                        .toList();
        TUNING.apply(model);
        assertEquals(12, PackedMaps.of(model).size());
        assertInstanceOf(Linear.class, model.part("head"));
        assertEquals(4, frozen.size());
        frozen.forEach(array -> assertTrue(array.isReleased()));
        model.run(x, true);
        ParameterPaths.of(model).entrySet().stream()
                .filter(e -> e.getKey().endsWith("codes") || e.getKey().endsWith("scale"))
                .forEach(e -> assertFalse(e.getValue().getArray().hasGradient(), e.getKey()));
        // Half a byte a code and four bytes for a scale of four codes, against sixteen.
        assertTrue(bytes(model) < 0.7 * before, bytes(model) + " of " + before);
    }

    @Test
    void mergedAdaptersComputeTheSame() {
        TUNING.apply(model);
        randomize(model);
        float[] before = model.run(x, false);
        Adapters.merge(model);
        assertArrayEquals(before, model.run(x, false), 1e-5f);
        assertTrue(Adapters.of(model).isEmpty());
        assertEquals(8, PackedMaps.of(model).size());
    }

    @Test
    void mapsThatWerePackedBeforeGetAdaptersToo() {
        TUNING.apply(model);
        Adapters.merge(model);
        Tuning.lora(2).withTargets(List.of("*.key")).apply(model);
        assertInstanceOf(
                PackedLinear.class, Adapters.of(model).get("body.layers.0.mixer.key").base());
    }

    @Test
    void adaptersBesidePackedMapsLearn() {
        TUNING.withTargets(LoraTuning.ALL_LINEAR).apply(model);
        ModelEvaluation evaluation = new ModelEvaluation(batches(), new CrossEntropy());
        double before = evaluation.evaluate(model, Precision.FLOAT32).get("loss");
        TrainingLoop.builder()
                .setModel(model)
                .setLoss(new CrossEntropy())
                .setBatches(batches())
                .setConfig(TrainingConfig.builder().optSteps(200).build())
                .setOptimizer(AdamWConfig.builder().setLearningRate(2e-2).build())
                .build()
                .run();
        double after = evaluation.evaluate(model, Precision.FLOAT32).get("loss");
        assertTrue(after < 0.3 * before, after + " of " + before);
    }

    @Test
    void tuningsOfOldFilesHaveNoGrid() {
        String json = PartJson.toJson(TUNING);
        assertEquals(TUNING, PartJson.fromJson(json, LoraTuning.class));
        LoraTuning old =
                PartJson.fromJson(
                        PartJson.toJson(TUNING.withBase(null))
                                .replaceAll(",\\s*\"base\": null", ""),
                        LoraTuning.class);
        assertNull(old.base());
    }

    @Test
    void whatCannotBePackedIsRefused() {
        assertEquals(
                "groupSize must divide In, got groupSize=5, In=8",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TUNING.withBase(WeightGrid.perGroup(4, 5)).apply(model))
                        .getMessage());
        assertEquals(
                "maps must have weights before they are packed, got none in"
                        + " body.layers.0.mixer.query",
                assertThrows(
                                IllegalStateException.class,
                                () -> TUNING.apply(TinyModel.withoutWeights()))
                        .getMessage());
    }

    // 12 random rows of 3 classes.
    private static Batches batches() {
        return new Batches() {
            @Override
            public int size(int epoch) {
                return 1;
            }

            @Override
            public TrainingBatch batch(int epoch, int index, NDManager owner) {
                Shape shape = new Shape(12, 5, 8);
                long[] labels = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2};
                return TrainingBatch.builder()
                        .setInputs(
                                new NDList(
                                        owner.create(
                                                TinyModel.random(new Random(8), shape), shape)))
                        .optLabels(new NDList(owner.create(labels)))
                        .setExamples(12)
                        .build();
            }
        };
    }
}
