package org.jzoo.training.regularization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.LayerSpan;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.loss.SquaredError;

class AgreementTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    // One row under two dropouts: softmax (1/2, 1/2) and (1/4, 3/4).
    private NDArray logits() {
        return manager.create(new float[] {0, 0, 0, (float) Math.log(3)}, new Shape(2, 2));
    }

    private double value(Loss loss, NDArray outputs, NDArray labels) {
        return loss.compute(new NDList(outputs), new NDList(labels), new ForwardContext())
                .toFloatArray()[0];
    }

    @Test
    void addsHalfOfAlphaTimesTheMeanOfBothDivergences() {
        double task = -(Math.log(0.5) + Math.log(0.25)) / 2;
        double there = 0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75);
        double back = 0.25 * Math.log(0.25 / 0.5) + 0.75 * Math.log(0.75 / 0.5);
        assertEquals(
                task + 3.0 / 2 * (there + back) / 2,
                value(
                        new Agreement(new CrossEntropy(), 3),
                        logits(),
                        manager.create(new long[] {0, 0})),
                1e-6);
    }

    @Test
    void ofNumbersItIsTheSquareOfTheirDistance() {
        NDArray outputs = manager.create(new float[] {1, 4}, new Shape(2, 1));
        assertEquals(
                (1 + 16) / 2.0 + 0.5 / 2 * 9,
                value(
                        new Agreement(new SquaredError(), 0.5),
                        outputs,
                        manager.create(new float[] {0, 0})),
                1e-6);
    }

    @Test
    void bothHalvesLearnFromTheirDifference() {
        NDArray outputs = logits();
        outputs.setRequiresGradient(true);
        try (GradientMode on = GradientMode.on()) {
            Loss alone = (out, labels, context) -> out.get(0).sum().mul(manager.create(0f));
            GradientMode.backward(
                    new Agreement(alone, 2)
                            .compute(new NDList(outputs), new NDList(), new ForwardContext()));
        }
        float[] g = outputs.getGradient().toFloatArray();
        // By hand: d/dp of half of sum (p - q)(log p - log q), with respect to logits.
        double l = Math.log(2);
        double m = Math.log(1.5);
        double first = 0.25 * (l + m) / 2 + (0.5 - 0.25) / 2;
        double second = 0.1875 * (l + m) / 2 + (0.5 - 0.25) / 2;
        assertArrayEquals(
                new float[] {(float) first, (float) -first, (float) -second, (float) second},
                g,
                1e-6f);
    }

    @Test
    void alphaBelowZeroIsRefused() {
        assertEquals(
                "alpha must be > 0 and finite, got alpha=0.0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Agreement(new CrossEntropy(), 0))
                        .getMessage());
    }

    private static TrainingBatch batch(NDManager manager) {
        return TrainingBatch.builder()
                .setInputs(
                        new NDList(manager.create(new long[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3))))
                .optLabels(new NDList(manager.create(new long[] {0, 1})))
                .optMask(
                        manager.create(
                                new boolean[] {true, true, true, true, false, false},
                                new Shape(2, 3)))
                .setExamples(2)
                .optTokens(4)
                .optRows(7, 9)
                .build();
    }

    @Test
    void doubledBatchesRepeatEveryArrayAndCountOnce() {
        Batches batches =
                new Batches() {
                    @Override
                    public int size(int epoch) {
                        return 5;
                    }

                    @Override
                    public TrainingBatch batch(int epoch, int index, NDManager own) {
                        return AgreementTest.batch(own);
                    }
                };
        DoubledBatches doubled = new DoubledBatches(batches);
        assertEquals(5, doubled.size(1));
        TrainingBatch batch = doubled.batch(0, 0, manager);
        assertEquals(new Shape(4, 3), batch.inputs().get(0).getShape());
        assertArrayEquals(
                new long[] {1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6},
                batch.inputs().get(0).toLongArray());
        assertArrayEquals(new long[] {0, 1, 0, 1}, batch.labels().get(0).toLongArray());
        assertArrayEquals(
                new boolean[] {
                    true, true, true, true, false, false, true, true, true, true, false, false
                },
                batch.mask().toBooleanArray());
        assertArrayEquals(new long[] {7, 9, 7, 9}, batch.rows());
        assertEquals(2, batch.examples());
        assertEquals(4, batch.tokens());
        assertEquals(2, batch.weight());
        assertNull(batch.positions());
    }

    @Test
    void statesOfFrozenLayersAreRepeatedLikeTheRowsThatTheyAreOf() {
        NDArray states = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 1, 2));
        Batches upper =
                new Batches() {
                    @Override
                    public int size(int epoch) {
                        return 1;
                    }

                    @Override
                    public TrainingBatch batch(int epoch, int index, NDManager own) {
                        return AgreementTest.batch(own).withSpan(LayerSpan.from(3, states));
                    }
                };
        LayerSpan span = new DoubledBatches(upper).batch(0, 0, manager).span();
        assertEquals(3, span.first());
        assertEquals(new Shape(4, 1, 2), span.states().getShape());
        assertArrayEquals(new float[] {1, 2, 3, 4, 1, 2, 3, 4}, span.states().toFloatArray());
    }
}
