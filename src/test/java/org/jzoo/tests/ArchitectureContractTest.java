package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.blocks.adapter.LoraLinear;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Checkpoints;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.tuning.Adapters;
import org.jzoo.training.tuning.Tuning;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.weights.TensorType;

/**
 * What every architecture of the zoo has to do with every task. A new architecture needs a line in
 * {@link Architectures} and a small published configuration, {@code contract/NAME.json}.
 */
class ArchitectureContractTest {

    private static final int B = 3;
    private static final int T = 7;

    /** Token ids start above the special tokens, padding among them. */
    private static final int FIRST_WORD = 4;

    private static final int WORDS = 90;

    @TempDir private Path temporary;

    static Stream<ArchitectureCase> cases() {
        return ArchitectureCase.all();
    }

    static Stream<ArchitectureCase> classifiers() {
        return cases().filter(c -> c.task() instanceof ClassificationTask);
    }

    private static NDArray ids(NDManager manager, int rows, int length) {
        Random random = new Random(5);
        return manager.create(
                random.longs((long) rows * length, FIRST_WORD, WORDS).toArray(),
                new Shape(rows, length));
    }

    /** Ids, types, and a mask that keeps the first {@code kept} tokens of each row. */
    private static NDList inputs(NDArray ids, int kept) {
        int length = (int) ids.getShape().get(1);
        boolean[] keep = new boolean[(int) ids.size()];
        for (int i = 0; i < keep.length; i++) {
            keep[i] = i % length < kept;
        }
        NDManager manager = ids.getManager();
        return new NDList(ids, ids.zerosLike(), manager.create(keep, ids.getShape()));
    }

    private static NDArray run(
            LoadedModel model, NDList inputs, boolean training, ForwardContext context) {
        return model.block()
                .forward(
                        new ParameterStore(inputs.head().getManager(), false),
                        inputs,
                        training,
                        context.asParams())
                .singletonOrThrow();
    }

    private static NDArray infer(LoadedModel model, NDList inputs) {
        return run(model, inputs, false, new ForwardContext());
    }

    private static void assertClose(NDArray expected, NDArray actual, double share) {
        assertEquals(expected.getShape(), actual.getShape());
        float largest = Math.max(1e-3f, expected.abs().max().getFloat());
        assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), (float) share * largest);
    }

    /** Random values in all parameters, so that nothing is zero by its start. */
    private static void randomize(LoadedModel model) {
        Random random = new Random(8);
        try (GradientMode off = GradientMode.off()) {
            for (Parameter parameter : model.parameters().values()) {
                float[] values = new float[(int) parameter.getShape().size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (random.nextFloat() - 0.4f) / 2;
                }
                parameter.getArray().set(values);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyParameterGetsAFiniteGradient(ArchitectureCase each) {
        try (LoadedModel model = each.create(1);
                GradientMode on = GradientMode.on()) {
            randomize(model);
            NDManager manager = model.manager();
            NDArray y = run(model, inputs(ids(manager, B, T), T), true, new ForwardContext());
            Random random = new Random(2);
            float[] weights = new float[(int) y.size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = random.nextFloat() - 0.5f;
            }
            GradientMode.backward(y, manager.create(weights, y.getShape()));
            model.parameters()
                    .forEach(
                            (path, parameter) -> {
                                NDArray gradient = parameter.getArray().getGradient();
                                assertNotNull(gradient, path);
                                float largest = gradient.abs().max().getFloat();
                                assertTrue(Float.isFinite(largest), path);
                                // Softmax does not see what is added to all keys.
                                assertTrue(largest > 0 || path.endsWith("key.bias"), path);
                            });
        }
    }

    @ParameterizedTest
    @MethodSource("classifiers")
    void checkpointedGradientsAreTheSame(ArchitectureCase each) {
        List<float[]> plain = gradients(each, false);
        List<float[]> checkpointed = gradients(each, true);
        for (int i = 0; i < plain.size(); i++) {
            assertArrayEquals(plain.get(i), checkpointed.get(i), 1e-4f);
        }
    }

    private static List<float[]> gradients(ArchitectureCase each, boolean checkpointed) {
        try (LoadedModel model = each.create(1);
                GradientMode on = GradientMode.on()) {
            ForwardContext context = new ForwardContext();
            Checkpoints checkpoints = new Checkpoints(3, context);
            context.withCheckpoints(checkpointed ? checkpoints : null);
            // The encoder alone: heads have dropout of their own.
            Part encoder = (Part) ((Part) model.block()).part("encoder");
            NDArray ids = ids(model.manager(), B, T);
            NDArray y =
                    encoder.forward(
                                    new ParameterStore(model.manager(), false),
                                    new NDList(ids),
                                    true,
                                    context.asParams())
                            .singletonOrThrow();
            GradientMode.backward(LossKernel.meanSquaredError(y, y.zerosLike()));
            checkpoints.backward();
            List<float[]> gradients = new ArrayList<>();
            for (Parameter parameter : ParameterPaths.of(encoder).values()) {
                gradients.add(parameter.getArray().getGradient().toFloatArray());
            }
            return gradients;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSavedModelReloadsBitEqual(ArchitectureCase each) throws Exception {
        try (LoadedModel model = each.create(1)) {
            randomize(model);
            Path folder = temporary.resolve("model");
            ModelFolder.save(folder, model, "card", TensorType.F32);
            try (LoadedModel copy = ModelFolder.load(folder, Device.cpu())) {
                assertEquals(model.config(), copy.config());
                assertArrayEquals(
                        infer(model, inputs(ids(model.manager(), B, T), T)).toFloatArray(),
                        infer(copy, inputs(ids(copy.manager(), B, T), T)).toFloatArray());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void paddingChangesNothing(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            randomize(model);
            NDArray ids = ids(model.manager(), B, T);
            NDArray plain = infer(model, inputs(ids, T));
            NDArray longer = ids.concat(padding(model, ids, 4), 1);
            NDArray padded = infer(model, inputs(longer, T));
            assertClose(
                    plain,
                    plain.getShape().dimension() == 3 ? padded.get(":,:" + T) : padded,
                    1e-4);
        }
    }

    private static NDArray padding(LoadedModel model, NDArray ids, int count) {
        long token = ArchitectureCase.config(model.config().architecture()).integer("pad_token_id");
        long[] values = new long[(int) ids.getShape().get(0) * count];
        Arrays.fill(values, token);
        return model.manager().create(values, new Shape(ids.getShape().get(0), count));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theOrderOfABatchChangesNothing(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            randomize(model);
            NDArray ids = ids(model.manager(), B, T);
            NDArray order = model.manager().create(new long[] {2, 0, 1});
            NDArray plain = infer(model, inputs(ids, T));
            assertClose(plain.get(order), infer(model, inputs(ids.get(order), T)), 1e-5);
            assertClose(plain.get("1:2"), infer(model, inputs(ids.get("1:2"), T)), 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bfloat16IsCloseToFloat32(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            NDArray ids = ids(model.manager(), B, T);
            ForwardContext narrow = new ForwardContext().withPrecision(Precision.BFLOAT16);
            assertClose(
                    infer(model, inputs(ids, T)), run(model, inputs(ids, T), false, narrow), 0.05);
        }
    }

    @ParameterizedTest
    @MethodSource("classifiers")
    void theLongestInputRunsAndALongerOneIsRefused(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            int longest = model.config().textModel().maxLength();
            NDArray y = infer(model, inputs(ids(model.manager(), 1, longest), longest));
            assertTrue(Float.isFinite(y.sum().getFloat()));
            NDList tooLong = inputs(ids(model.manager(), 1, longest + 1), longest + 1);
            assertEquals(
                    "length must be <= maxLength, got length=%d, maxLength=%d; truncate the input"
                            .formatted(longest + 1, longest),
                    assertThrows(IllegalArgumentException.class, () -> infer(model, tooLong))
                            .getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void oneTokenAndOnlyPaddingGiveFiniteOutputs(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            randomize(model);
            assertTrue(
                    Float.isFinite(
                            infer(model, inputs(ids(model.manager(), 1, 1), 1)).sum().getFloat()));
            NDArray ids = ids(model.manager(), 2, T);
            assertTrue(Float.isFinite(infer(model, inputs(ids, 0)).sum().getFloat()));
        }
    }

    @ParameterizedTest
    @MethodSource("classifiers")
    void oneBatchIsLearntByHeart(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            PyTorch.seed(3);
            NDManager manager = model.manager();
            NDList batch = inputs(ids(manager, 6, T), T);
            NDArray labels = manager.create(new long[] {0, 1, 2, 2, 1, 0});
            NDArray[] parameters =
                    model.parameters().values().stream()
                            .map(Parameter::getArray)
                            .toArray(NDArray[]::new);
            NDArray[] first = zeros(manager, parameters);
            NDArray[] second = zeros(manager, parameters);
            NDArray[] steps = new NDArray[parameters.length];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = manager.zeros(new Shape());
            }
            OptimizerKernel.AdamW numbers = new OptimizerKernel.AdamW(3e-3, 0.9, 0.999, 0, 1e-8);
            float loss = Float.NaN;
            for (int step = 0; step < 60; step++) {
                try (NDManager scope = manager.newSubManager()) {
                    NDList inputs = new NDList();
                    batch.forEach(array -> inputs.add(array.duplicate()));
                    inputs.attach(scope);
                    try (GradientMode on = GradientMode.on()) {
                        NDArray logits = run(model, inputs, true, new ForwardContext());
                        NDArray value = LossKernel.crossEntropy(logits, labels, null, 0);
                        loss = value.getFloat();
                        GradientMode.backward(value);
                    }
                    try (GradientMode off = GradientMode.off()) {
                        OptimizerKernel.adamW(parameters, first, second, steps, numbers);
                        OptimizerKernel.zeroGradients(parameters);
                    }
                }
            }
            float last = loss;
            assertTrue(last < 0.1, () -> "loss after 60 steps: " + last);
        }
    }

    private static NDArray[] zeros(NDManager manager, NDArray... like) {
        NDArray[] arrays = new NDArray[like.length];
        for (int i = 0; i < like.length; i++) {
            arrays[i] = manager.zeros(like[i].getShape());
        }
        return arrays;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void adaptersStartWithoutEffectAndMergeIntoTheWeights(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            randomize(model);
            NDList inputs = inputs(ids(model.manager(), B, T), T);
            NDArray before = infer(model, inputs);
            Part block = (Part) model.block();
            Tuning.lora(2).apply(block);
            assertFalse(Adapters.of(block).isEmpty());
            assertArrayEquals(before.toFloatArray(), infer(model, inputs).toFloatArray());
            for (LoraLinear adapter : Adapters.of(block).values()) {
                float[] values = new float[(int) adapter.loraB().getShape().size()];
                Arrays.fill(values, 0.1f);
                adapter.loraB().getArray().set(values);
            }
            NDArray adapted = infer(model, inputs);
            Adapters.merge(block);
            assertClose(adapted, infer(model, inputs), 1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("classifiers")
    void sixteenThreadsComputeWhatOneDoes(ArchitectureCase each) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try (LoadedModel model = each.create(1)) {
            randomize(model);
            List<Callable<float[]>> tasks = new ArrayList<>();
            for (int i = 0; i < 160; i++) {
                int length = 1 + i % 20;
                tasks.add(() -> inOwnScope(model, length));
            }
            List<Future<float[]>> parallel = pool.invokeAll(tasks);
            for (int i = 0; i < parallel.size(); i++) {
                assertArrayEquals(inOwnScope(model, 1 + i % 20), parallel.get(i).get());
            }
        } finally {
            pool.shutdown();
        }
    }

    private static float[] inOwnScope(LoadedModel model, int length) {
        try (NDManager scope = model.manager().newSubManager()) {
            return infer(model, inputs(ids(scope, 2, length), length)).toFloatArray();
        }
    }
}
