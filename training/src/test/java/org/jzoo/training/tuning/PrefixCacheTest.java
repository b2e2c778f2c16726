package org.jzoo.training.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;

class PrefixCacheTest {

    private static final int WIDTH = 8;
    private static final long TOKEN_BYTES = 4 * WIDTH;

    private NDManager manager;
    private TinyModel model;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
        model = TinyModel.withWeights(manager);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Six rows of 3 to 7 positions, in batches of two; odd epochs pair them otherwise. */
    private static final class Ragged implements Batches {

        private static final int[] LENGTHS = {3, 7, 5, 6, 4, 7};
        private static final int[][] ORDERS = {{0, 1, 2, 3, 4, 5}, {5, 2, 0, 4, 3, 1}};

        @Override
        public int size(int epoch) {
            return 3;
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager manager) {
            int[] rows = {ORDERS[epoch % 2][2 * index], ORDERS[epoch % 2][2 * index + 1]};
            int longest = Math.max(LENGTHS[rows[0]], LENGTHS[rows[1]]);
            float[] x = new float[2 * longest * WIDTH];
            boolean[] kept = new boolean[2 * longest];
            for (int i = 0; i < 2; i++) {
                Random random = new Random(rows[i]);
                for (int t = 0; t < LENGTHS[rows[i]]; t++) {
                    kept[i * longest + t] = true;
                    for (int d = 0; d < WIDTH; d++) {
                        x[(i * longest + t) * WIDTH + d] = random.nextFloat() - 0.5f;
                    }
                }
            }
            return TrainingBatch.builder()
                    .setInputs(new NDList(manager.create(x, new Shape(2, longest, WIDTH))))
                    .setExamples(2)
                    .optMask(manager.create(kept, new Shape(2, longest)))
                    .optLabels(new NDList(manager.create(new long[] {rows[0] % 3, rows[1] % 3})))
                    .optRows(rows[0] + 10, rows[1] + 10)
                    .build();
        }
    }

    private PrefixCache cache(long bytes) {
        return new PrefixCache(model, 1, Precision.FLOAT32, bytes);
    }

    private float[] run(TrainingBatch batch) {
        try (GradientMode off = GradientMode.off()) {
            return model.forward(
                            new ParameterStore(manager, false),
                            batch.inputs(),
                            false,
                            batch.context(Precision.FLOAT32).asParams())
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    private static void assertSame(float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 2e-6, "at " + i);
        }
    }

    @Test
    void upperLayersOnRememberedStatesSayWhatTheWholeModelSays() {
        Ragged ragged = new Ragged();
        new FrozenLayers(Tuning.full(), 1).apply(model);
        try (PrefixCache cache = cache(1 << 20)) {
            Batches upper = cache.over(ragged);
            assertEquals(32 * TOKEN_BYTES, cache.bytes());
            for (int epoch = 0; epoch < 3; epoch++) {
                for (int i = 0; i < 3; i++) {
                    assertSame(
                            run(ragged.batch(epoch, i, manager)),
                            run(upper.batch(epoch, i, manager)));
                }
            }
        }
    }

    @Test
    void theLowerLayersDoNotRunForRememberedRows() {
        new FrozenLayers(Tuning.full(), 1).apply(model);
        try (PrefixCache cache = cache(1 << 20)) {
            Batches upper = cache.over(new Ragged());
            TrainingBatch before = upper.batch(1, 0, manager);
            float[] said = run(before);
            // Were they to run, other weights would show.
            model.part("body").getParameters().get(0).getValue().getArray().muli(0f);
            assertSame(said, run(upper.batch(1, 0, manager)));
        }
    }

    @Test
    void rowsWithoutRoomAreComputedAnew() {
        Ragged ragged = new Ragged();
        new FrozenLayers(Tuning.full(), 1).apply(model);
        for (long bytes : new long[] {0, 10 * TOKEN_BYTES, 25 * TOKEN_BYTES}) {
            try (PrefixCache cache = cache(bytes)) {
                Batches upper = cache.over(ragged);
                assertTrue(cache.bytes() <= bytes);
                for (int i = 0; i < 3; i++) {
                    assertSame(run(ragged.batch(1, i, manager)), run(upper.batch(1, i, manager)));
                }
            }
        }
    }

    @Test
    void trainingOnRememberedStatesEqualsTrainingOnTheWholeModel() {
        float[][] trained = new float[2][];
        for (int i = 0; i < 2; i++) {
            model = TinyModel.withWeights(manager);
            PyTorch.seed(3);
            new FrozenLayers(Tuning.lora(2).withTargets(LoraTuning.ALL_LINEAR), 1).apply(model);
            try (PrefixCache cache = cache(1 << 20)) {
                Batches batches = i == 0 ? new Ragged() : cache.over(new Ragged());
                TrainingLoop.builder()
                        .setModel(model)
                        .setLoss(new CrossEntropy())
                        .setBatches(batches)
                        .setConfig(TrainingConfig.builder().optEpochs(4).optSeed(1).build())
                        .setOptimizer(AdamWConfig.of(0.01))
                        .build()
                        .run();
            }
            trained[i] = run(new Ragged().batch(0, 1, manager));
        }
        for (int i = 0; i < trained[0].length; i++) {
            assertEquals(trained[0][i], trained[1][i], 2e-5);
        }
    }

    @Test
    void layersAndWhatComesBeforeThemAreFrozenAndHaveNoAdapters() {
        new FrozenLayers(Tuning.lora(2).withTargets(LoraTuning.ALL_LINEAR), 1).apply(model);
        assertEquals(6, Adapters.of(model).size());
        assertTrue(
                Adapters.of(model).keySet().stream().allMatch(p -> p.startsWith("body.layers.1.")));
        Set<String> learning = new TreeSet<>(Adapters.state(model).keySet());
        assertFalse(learning.stream().anyMatch(path -> path.startsWith("body.layers.0.")));
        assertTrue(learning.contains("head.weight"));
    }

    @Test
    void theSameBatchHoldsTheSameStatesInEveryEpoch() {
        new FrozenLayers(Tuning.full(), 1).apply(model);
        try (PrefixCache cache = cache(1 << 20)) {
            Batches upper = cache.over(new Ragged());
            NDArray first = upper.batch(0, 0, manager).span().states();
            NDArray again = upper.batch(2, 0, manager).span().states();
            assertEquals(first, again);
        }
    }

    @Test
    void errorsNameWhatIsWrong() {
        assertEquals(
                "numLayers must be < 2, the layers of the model, got numLayers=2",
                message(() -> new FrozenLayers(Tuning.full(), 2).apply(model)));
        assertEquals(
                "numLayers must be >= 1, got numLayers=0",
                message(() -> new FrozenLayers(Tuning.full(), 0)));
        assertEquals(
                "numLayers must be in [1, 2) and maxBytes >= 0, got numLayers=2, maxBytes=1",
                message(() -> new PrefixCache(model, 2, Precision.FLOAT32, 1)));
        assertTrue(
                message(() -> cache(1))
                        .startsWith("parameters below layer 1 must be frozen, got body.layers.0."));
        assertEquals(
                "the model must have one stack to tell lower layers from upper ones, got []",
                message(() -> new FrozenLayers(Tuning.full(), 1).apply((Part) model.part("head"))));
    }

    @Test
    void batchesMustNameTheirRows() {
        new FrozenLayers(Tuning.full(), 1).apply(model);
        Batches nameless =
                new Batches() {
                    @Override
                    public int size(int epoch) {
                        return 1;
                    }

                    @Override
                    public TrainingBatch batch(int epoch, int index, NDManager scope) {
                        return TrainingBatch.builder()
                                .setInputs(new NDList(TinyModel.input(scope)))
                                .setExamples(2)
                                .build();
                    }
                };
        try (PrefixCache cache = cache(1 << 20)) {
            assertEquals(
                    "batches must name each row, got 2 rows and 0 names",
                    message(() -> cache.over(nameless)));
        }
    }

    private static String message(Runnable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
    }
}
