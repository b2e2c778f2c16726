package org.jzoo.training.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpreadTest {

    /** By hand: mean 5, squared deviations 9 + 1 + 1 + 9 = 20 over 3. */
    @Test
    void standardDeviationIsTheSampleOne() {
        SeedSummary summary = SeedSummary.of(2, 4, 6, 8);
        assertEquals(5, summary.mean());
        assertEquals(Math.sqrt(20.0 / 3), summary.standardDeviation(), 1e-15);
        assertEquals(5, summary.median());
        assertEquals(2, summary.min());
        assertEquals(8, summary.max());
        assertEquals(4, summary.numSeeds());
    }

    @Test
    void oneRunHasNoSpread() {
        SeedSummary summary = SeedSummary.of(0.917);
        assertTrue(Double.isNaN(summary.standardDeviation()));
        assertEquals("91.7", summary.scaled(100).format(1));
    }

    @Test
    void formatShowsMeanAndSpread() {
        assertEquals("92.00 ± 1.00", SeedSummary.of(.91, .92, .93).scaled(100).format(2));
    }

    @Test
    void noRunsAreRefused() {
        var error = assertThrows(IllegalArgumentException.class, () -> new SeedSummary(List.of()));
        assertEquals("values must not be empty, got values=[]", error.getMessage());
    }

    /** The 95% interval of a mean is about mean ± 1.96 · sd / √n. */
    @Test
    void intervalOfAMeanMatchesTheNormalApproximation() {
        double[] values = new Random(3).doubles(400).toArray();
        BootstrapInterval interval = BootstrapInterval.ofMean(values, 11);
        SeedSummary summary = SeedSummary.of(values);
        double half = 1.96 * summary.standardDeviation() / Math.sqrt(400);
        assertEquals(summary.mean(), interval.estimate(), 1e-12);
        assertEquals(summary.mean() - half, interval.lower(), half / 8);
        assertEquals(summary.mean() + half, interval.upper(), half / 8);
        assertTrue(interval.contains(0.5));
    }

    @Test
    void intervalsCoverTheTruthAboutAsOftenAsTheySay() {
        int covered = 0;
        Random random = new Random(8);
        for (int trial = 0; trial < 200; trial++) {
            double[] values = random.doubles(60).toArray();
            BootstrapInterval interval =
                    BootstrapInterval.of(
                            60, indices -> mean(values, indices), 200, 0.8, random.nextLong());
            covered += interval.contains(0.5) ? 1 : 0;
        }
        assertEquals(0.8, covered / 200.0, 0.08);
    }

    @Test
    void aPairedDifferenceIsNarrowerThanItsParts() {
        Random random = new Random(4);
        double[] worse = random.doubles(300).toArray();
        double[] better = new double[300];
        for (int i = 0; i < better.length; i++) {
            better[i] = worse[i] + 0.02 + 0.01 * random.nextDouble();
        }
        BootstrapInterval difference =
                BootstrapInterval.of(
                        300, draw -> mean(better, draw) - mean(worse, draw), 500, 0.95, 1);
        assertTrue(difference.lower() > 0.02 && difference.upper() < 0.03, difference.toString());
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        double[] values = {1, 5, 2, 8, 3};
        assertEquals(BootstrapInterval.ofMean(values, 6), BootstrapInterval.ofMean(values, 6));
    }

    @Test
    void oneExampleHasAnIntervalOfNoWidth() {
        assertEquals(
                new BootstrapInterval(3, 3, 3, 0.95),
                BootstrapInterval.ofMean(new double[] {3}, 1));
    }

    @Test
    void argumentsAreChecked() {
        var none =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> BootstrapInterval.ofMean(new double[0], 1));
        assertEquals(
                "numExamples and numDraws must be >= 1, got numExamples=0, numDraws=1000",
                none.getMessage());
        var level =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> BootstrapInterval.of(2, i -> 0, 10, 1.0, 1));
        assertEquals("level must be in (0, 1), got level=1.0", level.getMessage());
    }

    private static double mean(double[] values, int[] indices) {
        double sum = 0;
        for (int index : indices) {
            sum += values[index];
        }
        return sum / indices.length;
    }
}
