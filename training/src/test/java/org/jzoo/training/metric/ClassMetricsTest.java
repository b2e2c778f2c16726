package org.jzoo.training.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassMetricsTest {

    private static final List<String> MAIL = List.of("ham", "spam");
    private static final List<String> ABCD = List.of("a", "b", "c", "d");
    private static final int[] EXPECTED = {0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 0, 1};
    private static final int[] PREDICTED = {0, 0, 1, 2, 1, 1, 0, 2, 1, 1, 0, 1};

    static Stream<ClassMetric> all() {
        return Stream.of(
                new Accuracy(ABCD),
                new MatthewsCorrelation(ABCD),
                Precision.ofClass(ABCD, "b"),
                Recall.averaged(ABCD, Averaging.MACRO),
                Recall.averaged(ABCD, Averaging.MICRO),
                F1.averaged(ABCD, Averaging.WEIGHTED));
    }

    /** By hand: TP 3, FP 1, FN 2, TN 4. */
    @Test
    void binaryFiguresFollowFromTheFourCounts() {
        int[] expected = {1, 1, 1, 1, 1, 0, 0, 0, 0, 0};
        int[] predicted = {1, 1, 1, 0, 0, 1, 0, 0, 0, 0};
        assertValue(7.0 / 10, new Accuracy(MAIL), predicted, expected);
        assertValue(3.0 / 4, Precision.ofClass(MAIL, "spam"), predicted, expected);
        assertValue(3.0 / 5, Recall.ofClass(MAIL, "spam"), predicted, expected);
        assertValue(6.0 / 9, F1.ofClass(MAIL, "spam"), predicted, expected);
        assertValue(4.0 / 6, Precision.ofClass(MAIL, "ham"), predicted, expected);
        assertValue(4.0 / 5, Recall.ofClass(MAIL, "ham"), predicted, expected);
        double matthews = (3 * 4 - 1 * 2) / Math.sqrt(4.0 * 5 * 5 * 6);
        assertValue(matthews, new MatthewsCorrelation(MAIL), predicted, expected);
    }

    /** Values of scikit-learn 1.9 for the same vectors. */
    @Test
    void severalClassesAgreeWithScikitLearn() {
        assertValue(0.5833333333333334, new Accuracy(ABCD), PREDICTED, EXPECTED);
        assertValue(0.3876574430285532, new MatthewsCorrelation(ABCD), PREDICTED, EXPECTED);
        assertAverages(Averaging.MACRO, 0.4375, 0.4625, 0.44166666666666665);
        assertAverages(Averaging.MICRO, 7.0 / 12, 7.0 / 12, 7.0 / 12);
        assertAverages(Averaging.WEIGHTED, 0.5625, 7.0 / 12, 0.561111111111111);
    }

    private static void assertAverages(
            Averaging averaging, double precision, double recall, double f1) {
        assertValue(precision, Precision.averaged(ABCD, averaging), PREDICTED, EXPECTED);
        assertValue(recall, Recall.averaged(ABCD, averaging), PREDICTED, EXPECTED);
        assertValue(f1, F1.averaged(ABCD, averaging), PREDICTED, EXPECTED);
    }

    @ParameterizedTest
    @MethodSource("all")
    void batchesAddUpToTheWhole(ClassMetric metric) {
        metric.add(PREDICTED, EXPECTED);
        double whole = metric.value();
        metric.reset();
        metric.add(new int[] {0, 0, 1, 2, 1}, new int[] {0, 0, 0, 0, 1});
        metric.add(new int[0], new int[0]);
        metric.add(new int[] {1, 0, 2, 1, 1, 0, 1}, new int[] {1, 1, 2, 2, 3, 0, 1});
        assertEquals(whole, metric.value());
        assertEquals(12, metric.count());
    }

    @ParameterizedTest
    @MethodSource("all")
    void emptyIsNotANumber(ClassMetric metric) {
        assertTrue(Double.isNaN(metric.value()));
        metric.add(PREDICTED, EXPECTED);
        metric.reset();
        assertTrue(Double.isNaN(metric.value()));
        assertEquals(0, metric.count());
    }

    @Test
    void constantPredictionsOrASingleClassHaveMatthewsZero() {
        assertValue(0, new MatthewsCorrelation(MAIL), new int[] {1, 1, 1}, new int[] {1, 0, 1});
        assertValue(0, new MatthewsCorrelation(MAIL), new int[] {1, 0, 1}, new int[] {1, 1, 1});
        assertValue(
                0, new MatthewsCorrelation(List.of("only")), new int[] {0, 0}, new int[] {0, 0});
        assertValue(1, new Accuracy(List.of("only")), new int[] {0, 0}, new int[] {0, 0});
    }

    @Test
    void perfectAndOppositePredictionsHaveMatthewsOneAndMinusOne() {
        int[] expected = {0, 1, 1, 0, 1};
        assertValue(1, new MatthewsCorrelation(MAIL), expected, expected);
        assertValue(-1, new MatthewsCorrelation(MAIL), new int[] {1, 0, 0, 1, 0}, expected);
    }

    @Test
    void aClassThatIsNeverPredictedHasPrecisionAndF1Zero() {
        int[] expected = {0, 1};
        int[] predicted = {0, 0};
        assertValue(0, Precision.ofClass(MAIL, "spam"), predicted, expected);
        assertValue(0, F1.ofClass(MAIL, "spam"), predicted, expected);
    }

    @Test
    void macroLeavesOutClassesThatDoNotOccur() {
        assertValue(1, F1.averaged(ABCD, Averaging.MACRO), new int[] {0, 1}, new int[] {0, 1});
    }

    @Test
    void namesTellTheAveraging() {
        assertEquals("f1", F1.ofClass(MAIL, "spam").name());
        assertEquals("f1.macro", F1.averaged(MAIL, Averaging.MACRO).name());
        assertEquals("recall.weighted", Recall.averaged(MAIL, Averaging.WEIGHTED).name());
    }

    @Test
    void matrixCountsExpectedByPredicted() {
        ConfusionMatrix matrix = new ConfusionMatrix(MAIL);
        matrix.add(new int[] {1, 1, 0}, new int[] {0, 0, 0});
        assertArrayEquals(new long[][] {{1, 2}, {0, 0}}, matrix.counts());
        assertEquals(3, matrix.expectedCount(0));
        assertEquals(2, matrix.predictedCount(1));
        assertEquals(new HitCounts(0, 2, 0), matrix.hits(1));
    }

    @Test
    void aBadBatchIsRefusedWhole() {
        ConfusionMatrix matrix = new ConfusionMatrix(MAIL);
        assertMessage(
                "expected must be in 0..1, got expected[1]=2",
                () -> matrix.add(new int[] {0, 1}, new int[] {0, 2}));
        assertMessage(
                "predicted must be as long as expected, got predicted=1, expected=2",
                () -> matrix.add(new int[1], new int[2]));
        assertEquals(0, matrix.total());
    }

    @Test
    void labelsAreChecked() {
        assertMessage(
                "label must be one of [ham, spam], got label=egg", () -> F1.ofClass(MAIL, "egg"));
        assertMessage(
                "labels must be different from each other, got labels=[a, a]",
                () -> new Accuracy(List.of("a", "a")));
        assertMessage("labels must not be empty, got labels=[]", () -> new Accuracy(List.of()));
    }

    @Test
    void betterFollowsTheDirection() {
        assertTrue(new Accuracy(MAIL).isBetter(0.9, 0.8));
        assertFalse(new Accuracy(MAIL).isBetter(0.8, 0.8));
        assertTrue(new Perplexity().isBetter(8, 9));
        assertTrue(new Perplexity().isBetter(8, Double.NaN));
        assertFalse(new Perplexity().isBetter(Double.NaN, 9));
    }

    private static void assertValue(
            double value, ClassMetric metric, int[] predicted, int[] expected) {
        metric.add(predicted, expected);
        assertEquals(value, metric.value(), 1e-12, metric.name());
    }

    private static void assertMessage(String message, Runnable call) {
        var error = assertThrows(IllegalArgumentException.class, call::run);
        assertEquals(message, error.getMessage());
    }
}
