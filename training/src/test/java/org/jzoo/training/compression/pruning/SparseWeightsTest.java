package org.jzoo.training.compression.pruning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.ImportanceKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.ModelEvaluation;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loss.SquaredError;
import org.jzoo.training.optimizer.AdamWConfig;

final class SparseWeightsTest {

    private static final List<String> ALL = List.of("*");

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray matrix(int rows, double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return manager.create(floats, new Shape(rows, values.length / rows));
    }

    @Test
    void theSmallestMagnitudesGo() {
        NDArray weight = matrix(2, 0.1, -5, 3, -0.2, 4, 0.05);
        assertArrayEquals(
                new float[] {0, 1, 1, 0, 1, 0},
                new SparsityRule.Magnitude(0.5).mask(weight).toFloatArray());
        assertArrayEquals(
                new float[] {1, 1, 1, 1, 1, 1},
                new SparsityRule.Magnitude(0).mask(weight).toFloatArray());
    }

    @Test
    void twoOfFourNeighboursStay() {
        NDArray weight = matrix(2, 1, -2, 3, 0.5, 9, 8, 7, -10);
        assertArrayEquals(
                new float[] {0, 1, 1, 0, 1, 0, 0, 1},
                SparsityRule.Groups.TWO_OF_FOUR.mask(weight).toFloatArray());
    }

    @Test
    void connectionsMoveFromSmallWeightsToLargeGradients() {
        NDArray weight = matrix(1, 4, 0.1, 2, 0, 0, 0);
        NDArray mask = matrix(1, 1, 1, 1, 0, 0, 0);
        NDArray gradient = matrix(1, 9, 0.2, 9, 0.1, -3, 1);
        NDArray[] masks = ImportanceKernel.rewired(weight, mask, gradient, 1 / 3.0);
        assertArrayEquals(new float[] {1, 0, 1, 0, 0, 0}, masks[0].toFloatArray());
        assertArrayEquals(new float[] {1, 0, 1, 0, 1, 0}, masks[1].toFloatArray());
        // There is room for three only, however many should move.
        NDArray[] most = ImportanceKernel.rewired(weight, mask, gradient, 1);
        assertEquals(3, most[1].sum().toFloatArray()[0]);
    }

    /** Sixteen features to one number. */
    private static final class Map16 extends Part {

        Map16() {
            child("map", new Linear(16, 1, true));
        }

        NDArray weight() {
            return ((Linear) part("map")).weight().getArray();
        }

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            return pass.run(part("map"), inputs);
        }
    }

    /** Numbers that depend on four of the features. */
    private static final Batches FOUR_COUNT =
            new Batches() {
                @Override
                public int size(int epoch) {
                    return 2;
                }

                @Override
                public TrainingBatch batch(int epoch, int index, NDManager owner) {
                    Random random = new Random(3 + index);
                    float[] x = new float[40 * 16];
                    float[] y = new float[40];
                    for (int r = 0; r < 40; r++) {
                        for (int c = 0; c < 16; c++) {
                            x[r * 16 + c] = (float) random.nextGaussian();
                            y[r] += c % 4 == 1 ? (c + 1) * x[r * 16 + c] / 4 : 0;
                        }
                    }
                    return TrainingBatch.builder()
                            .setInputs(new NDList(owner.create(x, new Shape(40, 16))))
                            .optLabels(new NDList(owner.create(y)))
                            .setExamples(40)
                            .build();
                }
            };

    private Map16 model() {
        Map16 model = new Map16();
        PyTorch.seed(7);
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 16));
        return model;
    }

    private double train(Map16 model, int steps, TrainingCallback callback) {
        TrainingLoop.builder()
                .setModel(model)
                .setLoss(new SquaredError())
                .setBatches(FOUR_COUNT)
                .setConfig(TrainingConfig.builder().optSteps(steps).build())
                .setOptimizer(AdamWConfig.builder().setLearningRate(5e-2).optWeightDecay(0).build())
                .optCallback(callback)
                .build()
                .run();
        return new ModelEvaluation(FOUR_COUNT, new SquaredError())
                .evaluate(model, Precision.FLOAT32)
                .get("loss");
    }

    private static int zeros(NDArray weight) {
        int zeros = 0;
        for (float w : weight.toFloatArray()) {
            zeros += w == 0 ? 1 : 0;
        }
        return zeros;
    }

    @Test
    void zerosStayZerosWhileTheOthersLearn() {
        Map16 model = model();
        try (SparseWeights sparse = SparseWeights.of(model, SparsityRule.Groups.TWO_OF_FOUR, ALL)) {
            assertEquals(0.5, sparse.sparsity(), 1e-6);
            float[] before = model.weight().toFloatArray();
            train(model, 20, sparse);
            float[] after = model.weight().toFloatArray();
            for (int i = 0; i < before.length; i++) {
                assertEquals(before[i] == 0, after[i] == 0);
            }
        }
    }

    @Test
    void littleByLittleFindsTheWeightsThatCount() {
        Map16 model = model();
        try (SparseWeights sparse = SparseWeights.of(model, new SparsityRule.Magnitude(0), ALL)) {
            GradualSparsity gradual = new GradualSparsity(sparse, 0.75, 150, 10);
            assertEquals(0.75 * (1 - 0.125), gradual.at(75), 1e-9);
            double loss = train(model, 250, gradual);
            assertEquals(12, zeros(model.weight()));
            assertTrue(loss < 1e-2, "loss " + loss);
        }
    }

    @Test
    void movingConnectionsFindWhatAFixedChoiceMisses() {
        Map16 fixed = model();
        Map16 moving = model();
        try (SparseWeights first = SparseWeights.of(fixed, new SparsityRule.Magnitude(0.75), ALL);
                SparseWeights second =
                        SparseWeights.of(moving, new SparsityRule.Magnitude(0.75), ALL)) {
            double stuck = train(fixed, 300, first);
            double found =
                    train(
                            moving,
                            300,
                            new DynamicSparsity(
                                    second, moving, new SquaredError(), FOUR_COUNT, 0.5, 20, 240));
            assertTrue(stuck > 1, "a fixed choice must miss something: " + stuck);
            assertTrue(found < 1e-2, "found " + found);
            assertEquals(12, zeros(moving.weight()));
            assertEquals(0.75, second.sparsity(), 1e-6);
        }
    }

    @Test
    void refusesWhatCannotBe() {
        Map16 model = model();
        assertEquals(
                "group must divide In, got group=5, In=16",
                message(() -> SparseWeights.of(model, new SparsityRule.Groups(2, 5), ALL)));
        assertEquals(
                "sparsity must be in [0, 1), got sparsity=1.0",
                message(() -> new SparsityRule.Magnitude(1)));
        assertEquals(
                "kept must be in [1, group), got kept=4, group=4",
                message(() -> new SparsityRule.Groups(4, 4)));
        assertEquals(
                "targets must match linear maps of the model, got targets=[*.query]",
                message(
                        () ->
                                SparseWeights.of(
                                        model,
                                        new SparsityRule.Magnitude(0.5),
                                        List.of("*.query"))));
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
