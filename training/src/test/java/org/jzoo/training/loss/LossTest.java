package org.jzoo.training.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;

final class LossTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private double value(Loss loss, NDArray output, NDArray label) {
        return loss.compute(new NDList(output), new NDList(label), new ForwardContext())
                .toFloatArray()[0];
    }

    // Rows with softmax (0.5, 0.25, 0.25) and (0.2, 0.2, 0.6).
    private NDArray logits() {
        return manager.create(
                new float[] {(float) Math.log(2), 0, 0, 0, 0, (float) Math.log(3)},
                new Shape(2, 3));
    }

    @Test
    void crossEntropyIsTheMeanOfNegativeLogProbabilities() {
        assertEquals(
                -(Math.log(0.5) + Math.log(0.2)) / 2,
                value(new CrossEntropy(), logits(), manager.create(new long[] {0, 1})),
                1e-6);
    }

    @Test
    void ignoredRowsCountForNothing() {
        assertEquals(
                -Math.log(0.6),
                value(new CrossEntropy(), logits(), manager.create(new long[] {-100, 2})),
                1e-6);
    }

    @Test
    void classWeightsWeighTheMean() {
        assertEquals(
                -(3 * Math.log(0.5) + Math.log(0.2)) / 4,
                value(
                        new CrossEntropy(0, new float[] {3, 1, 1}),
                        logits(),
                        manager.create(new long[] {0, 1})),
                1e-6);
    }

    @Test
    void smoothingSpreadsTheTarget() {
        // 0.3 of the target evenly over three classes: 0.8, 0.1, 0.1.
        assertEquals(
                -(0.8 * Math.log(0.5) + 0.2 * Math.log(0.25)),
                value(
                        new CrossEntropy(0.3, null),
                        logits().get("0:1"),
                        manager.create(new long[] {0})),
                1e-6);
    }

    @Test
    void columnAgainstVectorIsNotBroadcast() {
        NDArray predictions = manager.create(new float[] {1, 2, 4}, new Shape(3, 1));
        NDArray targets = manager.create(new float[] {1, 4, 1});
        assertEquals(13.0 / 3, value(new SquaredError(), predictions, targets), 1e-6);
    }

    @Test
    void binaryCrossEntropyComparesProbabilities() {
        NDArray logits = manager.create(new float[] {0, (float) Math.log(3)}, new Shape(2, 1));
        NDArray targets = manager.create(new float[] {1, 0});
        assertEquals(
                -(Math.log(0.5) + Math.log(0.25)) / 2,
                value(new BinaryCrossEntropy(), logits, targets),
                1e-6);
    }

    @Test
    void rejectsTargetsOfAnotherSize() {
        assertEquals(
                "targets must have as many elements as outputs, got outputs=(3, 1), targets=(2)",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        value(
                                                new SquaredError(),
                                                manager.zeros(new Shape(3, 1)),
                                                manager.zeros(new Shape(2))))
                        .getMessage());
    }

    @Test
    void rejectsClassWeightsOfAnotherSize() {
        assertEquals(
                "classWeights must have one weight for each class, got 2, classes=3",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        value(
                                                new CrossEntropy(0, new float[] {1, 2}),
                                                logits(),
                                                manager.create(new long[] {0, 1})))
                        .getMessage());
    }

    @Test
    void contrastiveFindsPairsByRowAndByColumn() {
        float l2 = (float) Math.log(2);
        NDArray logits = manager.create(new float[] {l2, 0, l2, l2}, new Shape(2, 2));
        // Rows: 2/3 and 1/2; columns: 1/2 and 2/3.
        assertEquals(
                -(Math.log(2 / 3.0) + Math.log(0.5)) / 2,
                value(new Contrastive(), logits, manager.create(0)),
                1e-6);
        NDArray wide = manager.zeros(new Shape(2, 3));
        assertEquals(
                "logits must be (B, B), one row and one column a pair, got (2, 3)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> value(new Contrastive(), wide, manager.create(0)))
                        .getMessage());
    }

    @Test
    void contrastivePairsFindTheirPartners() {
        // Products of the rows 0 and 1 with the rows 2 and 3: 2 log 2, 0; 0, log 2; halved by 2.
        float l2 = (float) Math.log(2);
        NDArray vectors =
                manager.create(new float[] {1, 0, 0, 1, 4 * l2, 0, 0, 2 * l2}, new Shape(4, 2));
        // Rows: 4 of 5, 2 of 3; columns: 4 of 5, 2 of 3.
        assertEquals(
                -(Math.log(4 / 5.0) + Math.log(2 / 3.0)) / 2,
                value(new ContrastivePairs(2), vectors, manager.create(0)),
                1e-6);
        NDArray odd = manager.zeros(new Shape(3, 2));
        assertEquals(
                "vectors must be (2 B, E), first halves before second ones, got (3, 2)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> value(new ContrastivePairs(1), odd, manager.create(0)))
                        .getMessage());
        assertEquals(
                "temperature must be > 0, got temperature=0.0",
                assertThrows(IllegalArgumentException.class, () -> new ContrastivePairs(0))
                        .getMessage());
    }

    @Test
    void spansCompeteWithTheLogitZeroOfNone() {
        float a = (float) Math.log(2);
        NDArray logits = // three tokens: firsts log 2, 0, 9, lasts 0, log 3, 9
                manager.create(
                        new float[] {a, 0, 0, (float) Math.log(3), 9, 9}, new Shape(1, 3, 2));
        NDArray mask = manager.create(new boolean[] {true, true, false}, new Shape(1, 3));
        ForwardContext context = new ForwardContext().withMask(mask);
        // Firsts 2 : 1 : none 1, lasts 1 : 3 : none 1.
        assertEquals(
                -(Math.log(2.0 / 4) + Math.log(3.0 / 5)) / 2, span(logits, context, 0, 1), 1e-6);
        assertEquals(
                -(Math.log(1.0 / 4) + Math.log(1.0 / 5)) / 2, span(logits, context, 3, 3), 1e-6);
        double sum = 2 + 1 + Math.exp(9) + 1;
        double lasts = 1 + 3 + Math.exp(9) + 1;
        assertEquals(
                -(9 - Math.log(sum) + 9 - Math.log(lasts)) / 2,
                span(logits, new ForwardContext(), 2, 2),
                1e-5);
    }

    private double span(NDArray logits, ForwardContext context, long first, long last) {
        NDArray labels = manager.create(new long[] {first, last}, new Shape(1, 2));
        return new SpanCrossEntropy()
                .compute(new NDList(logits), new NDList(labels), context)
                .toFloatArray()[0];
    }
}
