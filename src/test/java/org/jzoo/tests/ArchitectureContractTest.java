package org.jzoo.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Checkpoints;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.tuning.Adapters;
import org.jzoo.training.tuning.Tuning;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.TensorType;

/**
 * What every architecture of the zoo has to do with every task. A new architecture needs a line in
 * {@link Architectures} and a small published configuration, {@code contract/NAME.json}.
 */
class ArchitectureContractTest {

    private static final int B = 3;

    @TempDir private Path temporary;

    static Stream<ArchitectureCase> cases() {
        return ArchitectureCase.all();
    }

    static Stream<ArchitectureCase> first() {
        return ArchitectureCase.first();
    }

    private static NDList run(
            LoadedModel model, NDList inputs, boolean training, ForwardContext context) {
        return model.block()
                .forward(
                        new ParameterStore(inputs.head().getManager(), false),
                        inputs,
                        training,
                        context.asParams());
    }

    private static NDArray infer(ArchitectureCase each, LoadedModel model, NDList inputs) {
        return infer(each, model, inputs, new ForwardContext());
    }

    private static NDArray infer(
            ArchitectureCase each, LoadedModel model, NDList inputs, ForwardContext context) {
        return each.family().rows(run(model, inputs, false, context));
    }

    private static NDList inputs(ArchitectureCase each, LoadedModel model) {
        return each.family().inputs(model.manager(), B);
    }

    private static void assertClose(NDArray expected, NDArray actual, double share) {
        assertEquals(expected.getShape(), actual.getShape());
        float largest = Math.max(1e-3f, expected.abs().max().getFloat());
        assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), (float) share * largest);
    }

    /** Random values in all parameters, so that nothing is zero by its start. */
    static void randomize(LoadedModel model) {
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
            NDList inputs = inputs(each, model);
            NDArray y = run(model, inputs, true, each.family().wholeContext(inputs)).head();
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
                                assertTrue(largest > 0 || path.matches("(?i).*key\\.bias"), path);
                            });
        }
    }

    @ParameterizedTest
    @MethodSource("first")
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
            NDArray y = run(model, inputs(each, model), true, context).head();
            NDArray loss = LossKernel.meanSquaredError(y, y.zerosLike());
            // As the loop does; losses inside checkpointed layers are constants here, and the
            // checkpoints bring their gradients.
            for (NDArray auxiliary : context.losses().values()) {
                loss = LinearKernel.add(loss, auxiliary);
            }
            GradientMode.backward(loss);
            checkpoints.backward();
            List<float[]> gradients = new ArrayList<>();
            for (Parameter parameter : model.parameters().values()) {
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
                        infer(each, model, inputs(each, model)).toFloatArray(),
                        infer(each, copy, inputs(each, copy)).toFloatArray());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theOrderOfABatchChangesNothing(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            randomize(model);
            NDList inputs = inputs(each, model);
            NDArray plain = infer(each, model, inputs);
            NDList turned = new NDList();
            NDList second = new NDList();
            NDArray order = model.manager().create(new long[] {2, 0, 1});
            for (NDArray input : inputs) {
                turned.add(input.get(order));
                second.add(input.get("1:2"));
            }
            assertClose(plain.get(order), infer(each, model, turned), 1e-5);
            assertClose(plain.get("1:2"), infer(each, model, second), 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bfloat16IsCloseToFloat32(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            NDList inputs = inputs(each, model);
            ForwardContext narrow = new ForwardContext().withPrecision(Precision.BFLOAT16);
            assertClose(infer(each, model, inputs), infer(each, model, inputs, narrow), 0.05);
        }
    }

    @ParameterizedTest
    @MethodSource("first")
    void oneBatchIsLearntByHeart(ArchitectureCase each) {
        try (LoadedModel model = each.create(1)) {
            PyTorch.seed(3);
            NDManager manager = model.manager();
            NDList batch = each.family().inputs(manager, Family.LEARNT);
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
            for (int step = 0; step < each.family().steps(); step++) {
                try (NDManager scope = manager.newSubManager()) {
                    NDList inputs = new NDList();
                    batch.forEach(array -> inputs.add(array.duplicate()));
                    inputs.attach(scope);
                    try (GradientMode on = GradientMode.on()) {
                        NDList outputs = run(model, inputs, true, new ForwardContext());
                        NDArray value = each.family().loss(inputs, outputs);
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
            assertTrue(last < 0.1, () -> "loss: " + last);
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
            NDList inputs = inputs(each, model);
            NDArray before = infer(each, model, inputs);
            Part block = (Part) model.block();
            Tuning.lora(2).apply(block);
            assertFalse(Adapters.of(block).isEmpty());
            assertArrayEquals(before.toFloatArray(), infer(each, model, inputs).toFloatArray());
            for (LoraLinear adapter : Adapters.of(block).values()) {
                float[] values = new float[(int) adapter.loraB().getShape().size()];
                Arrays.fill(values, 0.1f);
                adapter.loraB().getArray().set(values);
            }
            NDArray adapted = infer(each, model, inputs);
            Adapters.merge(block);
            assertClose(adapted, infer(each, model, inputs), 1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("first")
    void sixteenThreadsComputeWhatOneDoes(ArchitectureCase each) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try (LoadedModel model = each.create(1)) {
            randomize(model);
            List<Callable<float[]>> tasks = new ArrayList<>();
            for (int i = 0; i < 160; i++) {
                int rows = 1 + i % 20;
                tasks.add(() -> inOwnScope(each, model, rows));
            }
            List<Future<float[]>> parallel = pool.invokeAll(tasks);
            for (int i = 0; i < parallel.size(); i++) {
                assertArrayEquals(inOwnScope(each, model, 1 + i % 20), parallel.get(i).get());
            }
        } finally {
            pool.shutdown();
        }
    }

    private static float[] inOwnScope(ArchitectureCase each, LoadedModel model, int rows) {
        try (NDManager scope = model.manager().newSubManager()) {
            return infer(each, model, each.family().inputs(scope, rows)).toFloatArray();
        }
    }
}
