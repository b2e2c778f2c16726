package org.jzoo.training.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValueMetricsTest {

    private static final double[] PREDICTED = {2.5, 0.1, 4.9, 3.0, 3.0, 1.2, 5.0, 2.5};
    private static final double[] EXPECTED = {2.0, 0.0, 5.0, 3.5, 2.5, 2.0, 4.5, 3.0};

    static Stream<ValueMetric> all() {
        return Stream.of(
                new MeanSquaredError(),
                new MeanAbsoluteError(),
                new PearsonCorrelation(),
                new SpearmanCorrelation());
    }

    /** Values of SciPy and scikit-learn 1.9 for the same vectors, ties included. */
    @Test
    void figuresAgreeWithScipy() {
        assertValue(0.9496835524057177, new PearsonCorrelation(), PREDICTED, EXPECTED);
        assertValue(0.9030468880657605, new SpearmanCorrelation(), PREDICTED, EXPECTED);
        assertValue(0.23875, new MeanSquaredError(), PREDICTED, EXPECTED);
        assertValue(0.4375, new MeanAbsoluteError(), PREDICTED, EXPECTED);
    }

    /** By hand: deviations (−1, 0, 1) and (−1, 1, 0), so 1 / (√2 · √2). */
    @Test
    void correlationOfThreePointsIsHalf() {
        double[] a = {1, 2, 3};
        double[] b = {1, 3, 2};
        assertValue(0.5, new PearsonCorrelation(), a, b);
        assertValue(0.5, new SpearmanCorrelation(), a, b);
    }

    @Test
    void equalValuesShareTheMeanOfTheirRanks() {
        double[] ranks = SpearmanCorrelation.ranks(new double[] {3, 1, 3, 2, 3});
        assertArrayEquals(new double[] {4, 1, 4, 2, 4}, ranks);
        // 0.0 and -0.0 are equal values, though a sort tells them apart
        assertArrayEquals(
                new double[] {1.5, 1.5}, SpearmanCorrelation.ranks(new double[] {0.0, -0.0}));
    }

    @Test
    void spearmanSeesOnlyTheOrder() {
        double[] cubes = Arrays.stream(EXPECTED).map(v -> v * v * v).toArray();
        assertValue(1, new SpearmanCorrelation(), cubes, EXPECTED);
        double[] negated = Arrays.stream(EXPECTED).map(v -> -v).toArray();
        assertValue(-1, new SpearmanCorrelation(), negated, EXPECTED);
        assertValue(-1, new PearsonCorrelation(), negated, EXPECTED);
    }

    @Test
    void aLargeOffsetCostsNoAccuracy() {
        double[] shifted = Arrays.stream(PREDICTED).map(v -> v + 1e7).toArray();
        PearsonCorrelation pearson = new PearsonCorrelation();
        pearson.add(shifted, EXPECTED);
        assertEquals(0.9496835524057177, pearson.value(), 1e-8);
    }

    @Test
    void constantsAndSinglesHaveNoCorrelation() {
        double[] constant = {0.1, 0.1, 0.1};
        double[] rising = {1, 2, 3};
        assertValue(Double.NaN, new PearsonCorrelation(), constant, rising);
        assertValue(Double.NaN, new PearsonCorrelation(), rising, constant);
        assertValue(Double.NaN, new SpearmanCorrelation(), constant, rising);
        assertValue(Double.NaN, new PearsonCorrelation(), new double[] {1}, new double[] {2});
        assertValue(Double.NaN, new SpearmanCorrelation(), new double[] {1}, new double[] {2});
    }

    @ParameterizedTest
    @MethodSource("all")
    void aNaNIsNotHidden(ValueMetric metric) {
        assertValue(Double.NaN, metric, new double[] {1, Double.NaN, 3}, new double[] {1, 2, 3});
    }

    @ParameterizedTest
    @MethodSource("all")
    void batchesAddUpToTheWhole(ValueMetric metric) {
        Random random = new Random(5);
        double[] predicted = random.doubles(211).toArray();
        double[] expected = random.doubles(211).map(v -> Math.rint(v * 5)).toArray();
        metric.add(predicted, expected);
        double whole = metric.value();
        metric.reset();
        assertTrue(Double.isNaN(metric.value()));
        for (int[] range : new int[][] {{0, 70}, {70, 70}, {70, 140}, {140, 211}}) {
            metric.add(
                    Arrays.copyOfRange(predicted, range[0], range[1]),
                    Arrays.copyOfRange(expected, range[0], range[1]));
        }
        assertEquals(whole, metric.value(), 1e-14);
        assertEquals(211, metric.count());
    }

    @ParameterizedTest
    @MethodSource("all")
    void lengthsMustAgree(ValueMetric metric) {
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> metric.add(new double[2], new double[3]));
        assertEquals(
                "predicted must be as long as expected, got predicted=2, expected=3",
                error.getMessage());
        assertEquals(0, metric.count());
    }

    @Test
    void perplexityOfUniformGuessesIsTheNumberOfChoices() {
        Perplexity perplexity = new Perplexity();
        assertTrue(Double.isNaN(perplexity.value()));
        perplexity.add(3 * Math.log(17), 3);
        perplexity.add(40 * Math.log(17), 40);
        assertEquals(17, perplexity.value(), 1e-12);
        assertEquals(Math.log(17), perplexity.meanLoss(), 1e-12);
    }

    /** By hand: (1·ln 4 + 3·ln 2) / 4 = 5/4 ln 2, not the mean of the batches' perplexities. */
    @Test
    void perplexityWeighsTokensNotBatches() {
        Perplexity perplexity = new Perplexity();
        perplexity.add(Math.log(4), 1);
        perplexity.add(3 * Math.log(2), 3);
        assertEquals(Math.pow(2, 1.25), perplexity.value(), 1e-12);
    }

    @Test
    void exactMatchTakesAnyAcceptedAnswer() {
        ExactMatch match = ExactMatch.strict();
        assertTrue(Double.isNaN(match.value()));
        match.add(
                List.of("42", "Paris", "the cat"),
                List.of(List.of("forty-two", "42"), List.of("paris"), List.of()));
        assertEquals(1.0 / 3, match.value());
    }

    @Test
    void normalizedMatchIgnoresCaseArticlesPunctuationAndSpaces() {
        ExactMatch match = ExactMatch.normalized();
        match.add(
                List.of("  The  Cat, sat.", "Anthem", "another"),
                List.of(List.of("cat sat"), List.of("nthem"), List.of("other")));
        assertEquals(1.0 / 3, match.value());
    }

    private static void assertValue(
            double value, ValueMetric metric, double[] predicted, double[] expected) {
        metric.add(predicted, expected);
        assertEquals(value, metric.value(), 1e-12, metric.name());
    }
}
