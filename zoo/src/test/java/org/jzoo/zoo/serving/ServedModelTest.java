package org.jzoo.zoo.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.packed.PackedMode;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.blocks.quantization.QuantizedLinear;
import org.jzoo.blocks.quantization.ScaleRule;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.testing.TinyModels;

class ServedModelTest {

    private static final double CLOSE = 1e-5;

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
    void answersAsTheModelDoes() {
        for (Task task : List.of(TinyModels.embeddings(), TinyModels.labels(true))) {
            try (LoadedModel model = TinyModels.of(task);
                    ServedModel served = new ServedModel(model, Precision.FLOAT32)) {
                for (NDList inputs : List.of(whole(), padded(5, 3, 1), padded(1, 5, 2))) {
                    assertTrue(difference(model, served, inputs) < CLOSE, inputs.get(0)::toString);
                }
            }
        }
    }

    @Test
    void answersAsAModelWithoutTypesWhosePositionsSkipPadding() {
        try (LoadedModel model = skipping();
                ServedModel served = new ServedModel(model, Precision.FLOAT32)) {
            NDArray right = manager.create(new long[] {5, 6, 7, 8, 9, 1, 1, 1}, new Shape(2, 4));
            NDArray left = manager.create(new long[] {5, 6, 7, 8, 1, 1, 1, 9}, new Shape(2, 4));
            NDArray types = right.zerosLike();
            assertEquals(0, difference(model, served, new NDList(left, types, left.neq(1L))));
            assertTrue(difference(model, served, new NDList(right, types, right.neq(1L))) < CLOSE);
            // Padding that nobody masks has a position of its own.
            assertEquals(0, difference(model, served, new NDList(right, types)));
        }
    }

    @Test
    void seesChangesOfTheWeights() {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings());
                ServedModel served = new ServedModel(model, Precision.FLOAT32)) {
            NDList inputs = padded(5, 3, 1);
            NDArray before = answer(served, inputs);
            NDArray weight =
                    model.parameters()
                            .get("encoder.transformer.layers.1.feedForward.down.weight")
                            .getArray();
            weight.set(new NDIndex("2:5"), 1.5f);
            assertTrue(before.sub(answer(served, inputs)).abs().max().getFloat() > 1e-3);
            assertTrue(difference(model, served, inputs) < CLOSE);
        }
    }

    @Test
    void bfloat16StaysNear() {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings());
                ServedModel served = new ServedModel(model, Precision.BFLOAT16)) {
            double difference = difference(model, served, padded(5, 3, 1));
            assertTrue(difference > CLOSE && difference < 0.02, () -> "got " + difference);
        }
    }

    @Test
    void fastestStaysNear() {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings());
                ServedModel served = ServedModel.of(model, Map.of("precision", "fastest"))) {
            double difference = difference(model, served, padded(5, 3, 1));
            assertTrue(difference < 0.1, () -> "got " + difference);
        }
    }

    @Test
    void fewBitsWithoutAPackedFormArePreparedForTheFastest() {
        EncoderConfig encoder =
                new PostNormEncoder(31, 32, 2, 2, 64, Activation.RELU, 0, 0, 1e-5)
                        .config(new LearnedPositionOption(14), 12, 0, 0, false);
        ModelConfig config = ModelConfig.of("bert", encoder, TinyModels.embeddings());
        try (LoadedModel model = LoadedModel.fresh("relu", config, null, 3, Device.cpu())) {
            Part part = (Part) model.block();
            part.replaceParts(
                    (path, block) ->
                            block instanceof Linear base
                                    ? new QuantizedLinear(
                                                    base,
                                                    WeightGrid.perGroup(4, 32),
                                                    ScaleRule.RANGE)
                                            .pack()
                                    : block);
            NDList inputs = new NDList(manager.ones(new Shape(2, 5), DataType.INT64));
            NDArray want = part.forward(store(), inputs, false).singletonOrThrow();
            try (ServedModel served = ServedModel.of(model, Map.of("precision", "fastest"))) {
                assertEquals(0, PackedMaps.of(part).size());
                double difference = want.sub(answer(served, inputs)).abs().max().getFloat();
                assertTrue(difference < 0.05, () -> "got " + difference);
            }
        }
    }

    @Test
    void leavesPassesWithWishesToTheModel() {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings());
                ServedModel served = new ServedModel(model, Precision.FLOAT32)) {
            ForwardContext context = new ForwardContext().withCapture("hidden");
            served.forward(store(), whole(), false, context.asParams());
            assertTrue(context.captured().size() >= 2, () -> context.captured().toString());
        }
    }

    @Test
    void tooLongInputsAreRefusedInTheModelsWords() {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings());
                ServedModel served = new ServedModel(model, Precision.FLOAT32)) {
            NDList inputs = new NDList(manager.ones(new Shape(1, 25), DataType.INT64));
            Exception e =
                    assertThrows(IllegalArgumentException.class, () -> answer(served, inputs));
            assertEquals(
                    "length must be <= maxLength, got length=25, maxLength=24; truncate the input",
                    e.getMessage());
        }
    }

    @Test
    void manyThreadsAgreeFromTheFirstBatchOn() throws Exception {
        try (LoadedModel model = TinyModels.of(TinyModels.labels(false));
                ServedModel served = new ServedModel(model, Precision.FLOAT32)) {
            ExecutorService pool = Executors.newFixedThreadPool(6);
            try {
                List<Callable<Double>> tasks = new ArrayList<>();
                for (int i = 0; i < 24; i++) {
                    NDList inputs = padded(2 + i % 9, 1 + i % 5, 3);
                    tasks.add(() -> difference(model, served, inputs));
                }
                for (Future<Double> difference : pool.invokeAll(tasks)) {
                    assertTrue(difference.get() < CLOSE);
                }
            } finally {
                pool.shutdownNow();
            }
        }
    }

    @Test
    void closesWithItsDjlModel() {
        try (LoadedModel model = TinyModels.of(TinyModels.embeddings())) {
            Model djl = ServedModel.asModel(model, Precision.FLOAT32);
            ServedModel served = (ServedModel) djl.getBlock();
            answer(served, whole());
            djl.close();
            Exception e = assertThrows(IllegalStateException.class, () -> answer(served, whole()));
            assertEquals("the model must be open, got closed", e.getMessage());
        }
    }

    @Test
    void autoIsWhatTheProcessorIsGoodAt() {
        boolean fast = PackedMode.AUTO.resolve() == PackedMode.BFLOAT16;
        assertEquals(
                fast ? Precision.BFLOAT16 : Precision.FLOAT32,
                ServedModel.precision(Map.of("precision", "auto"), Device.cpu()));
        assertEquals(
                Precision.FLOAT32,
                ServedModel.precision(Map.of("precision", "auto"), Device.gpu(0)));
        assertEquals(Precision.FLOAT32, ServedModel.precision(Map.of(), null));
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ServedModel.precision(Map.of("precision", "int8"), null));
        assertEquals(
                "precision must be float32, bfloat16, auto or fastest, got precision=int8",
                e.getMessage());
    }

    private NDList whole() {
        return new NDList(
                manager.create(new long[] {101, 7, 2000, 102, 101, 9, 9, 102}, new Shape(2, 4)));
    }

    /** Three rows with so many tokens, the second type from the second token on. */
    private NDList padded(int... lengths) {
        int longest = 0;
        for (int length : lengths) {
            longest = Math.max(longest, length);
        }
        int count = lengths.length * longest;
        long[] ids = new long[count];
        long[] types = new long[count];
        boolean[] mask = new boolean[count];
        for (int i = 0; i < count; i++) {
            int t = i % longest;
            mask[i] = t < lengths[i / longest];
            ids[i] = mask[i] ? 1000 + 37L * i : 0;
            types[i] = mask[i] && t > 0 ? 1 : 0;
        }
        Shape shape = new Shape(lengths.length, longest);
        return new NDList(
                manager.create(ids, shape),
                manager.create(types, shape),
                manager.create(mask, shape));
    }

    private static LoadedModel skipping() {
        EncoderConfig encoder =
                new PostNormEncoder(31, 8, 2, 2, 20, Activation.GELU, 0.1, 0.1, 1e-5)
                        .config(new LearnedPositionOption(14), 12, 0, 1, true);
        Task task = new MaskedWordsTask(Activation.GELU, 1e-5);
        return LoadedModel.fresh(
                "skipping", ModelConfig.of("roberta", encoder, task), null, 3, Device.cpu());
    }

    private ParameterStore store() {
        return new ParameterStore(manager, false);
    }

    private NDArray answer(ServedModel served, NDList inputs) {
        return served.forward(store(), inputs, false).singletonOrThrow();
    }

    /** The largest difference, at tokens where the answer is by token. */
    private double difference(LoadedModel model, ServedModel served, NDList inputs) {
        NDArray got = answer(served, inputs);
        NDArray want = model.block().forward(store(), inputs, false).singletonOrThrow();
        NDArray difference = want.sub(got).abs();
        if (inputs.size() > 2 && difference.getShape().dimension() == 3) {
            difference = difference.mul(inputs.get(2).toType(DataType.FLOAT32, true).expandDims(2));
        }
        return difference.max().getFloat();
    }
}
