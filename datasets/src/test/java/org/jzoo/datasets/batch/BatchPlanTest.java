package org.jzoo.datasets.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchPlanTest {

    private static int[] lengths(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, rows).map(i -> 1 + random.nextInt(128)).toArray();
    }

    private static BatchingConfig config(BatchOrder order, int size, int budget, int multiple) {
        return new BatchingConfig(size, budget, multiple, order, 7);
    }

    private static int[] allRows(BatchPlan plan) {
        return IntStream.range(0, plan.size()).flatMap(i -> Arrays.stream(plan.rows(i))).toArray();
    }

    private static long paddedTokens(BatchPlan plan, int[] lengths) {
        long tokens = 0;
        for (int i = 0; i < plan.size(); i++) {
            int[] rows = plan.rows(i);
            tokens += (long) rows.length * Arrays.stream(rows).map(r -> lengths[r]).max().orElse(0);
        }
        return tokens;
    }

    @ParameterizedTest
    @EnumSource(BatchOrder.class)
    void everyRowComesExactlyOnce(BatchOrder order) {
        for (int rows : new int[] {1, 2, 31, 32, 33, 997, 10_007}) {
            for (int budget : new int[] {0, 512}) {
                int[] lengths = lengths(rows, rows);
                for (int epoch = 0; epoch < 3; epoch++) {
                    BatchPlan plan = BatchPlan.of(lengths, config(order, 32, budget, 8), epoch);
                    int[] seen = allRows(plan);
                    Arrays.sort(seen);
                    assertArrayEquals(IntStream.range(0, rows).toArray(), seen);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(BatchOrder.class)
    void onlyTheLimitsEndABatch(BatchOrder order) {
        int[] lengths = lengths(1003, 1);
        BatchPlan plan = BatchPlan.of(lengths, config(order, 32, 0, 1), 0);
        assertEquals(32, plan.size());
        int partial = 0;
        for (int i = 0; i < plan.size(); i++) {
            partial += plan.rows(i).length == 32 ? 0 : 1;
        }
        assertEquals(1, partial);
    }

    @ParameterizedTest
    @EnumSource(BatchOrder.class)
    void noBatchExceedsTheTokenBudget(BatchOrder order) {
        int[] lengths = lengths(2000, 2);
        BatchPlan plan = BatchPlan.of(lengths, config(order, 0, 1000, 8), 3);
        for (int i = 0; i < plan.size(); i++) {
            int longest = Arrays.stream(plan.rows(i)).map(r -> lengths[r]).max().orElseThrow();
            int padded = (longest + 7) / 8 * 8;
            assertTrue(padded * plan.rows(i).length <= 1000);
        }
        // A budget that is used: fewer batches than one for every 400 tokens of the data.
        assertTrue(plan.size() < Arrays.stream(lengths).sum() / 400);
    }

    @ParameterizedTest
    @EnumSource(BatchOrder.class)
    void theSameSeedAndEpochGiveTheSamePlan(BatchOrder order) {
        int[] lengths = lengths(3000, 3);
        BatchPlan one = BatchPlan.of(lengths, config(order, 16, 0, 1), 5);
        BatchPlan other = BatchPlan.of(lengths.clone(), config(order, 16, 0, 1), 5);
        for (int i = 0; i < one.size(); i++) {
            assertArrayEquals(one.rows(i), other.rows(i));
        }
        assertEquals(one.fingerprint(), other.fingerprint());
    }

    @Test
    void plansDifferByEpochAndBySeed() {
        int[] lengths = lengths(500, 4);
        long first = BatchPlan.of(lengths, BatchingConfig.training(8, 1), 2).fingerprint();
        assertNotEquals(
                first, BatchPlan.of(lengths, BatchingConfig.training(8, 1), 3).fingerprint());
        assertNotEquals(
                first, BatchPlan.of(lengths, BatchingConfig.training(8, 2), 1).fingerprint());
        assertNotEquals(
                first, BatchPlan.of(lengths, BatchingConfig.training(8, 2), 2).fingerprint());
    }

    @Test
    void theOrderIsTheSameOnEveryMachineAndVersion() {
        int[] lengths = {5, 3, 8, 1, 9, 2, 7, 4, 6, 10};
        BatchPlan plan = BatchPlan.of(lengths, BatchingConfig.training(3, 42), 1);
        int[][] rows = IntStream.range(0, plan.size()).mapToObj(plan::rows).toArray(int[][]::new);
        assertEquals(GOLDEN, Arrays.deepToString(rows));
    }

    private static final String GOLDEN = "[[7, 4, 9], [0], [8, 5, 3], [1, 6, 2]]";

    @Test
    void bucketsPadFarLessThanShuffling() {
        int[] lengths = lengths(20_000, 5);
        long real = Arrays.stream(lengths).asLongStream().sum();
        long shuffled =
                paddedTokens(
                        BatchPlan.of(lengths, config(BatchOrder.SHUFFLED, 32, 0, 1), 0), lengths);
        long bucketed =
                paddedTokens(
                        BatchPlan.of(lengths, config(BatchOrder.BUCKETED, 32, 0, 1), 0), lengths);
        assertTrue(shuffled > 1.8 * real, "shuffled " + shuffled + " of " + real);
        assertTrue(bucketed < 1.05 * real, "bucketed " + bucketed + " of " + real);
    }

    @Test
    void bucketsOfASmallSetStillMixRowsBetweenEpochs() {
        int[] lengths = IntStream.range(0, 400).map(i -> 1 + i).toArray();
        int[] one = BatchPlan.of(lengths, BatchingConfig.training(20, 0), 0).rows(0).clone();
        int[] two = companions(BatchPlan.of(lengths, BatchingConfig.training(20, 0), 1), one[0]);
        Arrays.sort(one);
        Arrays.sort(two);
        assertFalse(Arrays.equals(one, two));
    }

    private static int[] companions(BatchPlan plan, int row) {
        for (int i = 0; i < plan.size(); i++) {
            if (Arrays.stream(plan.rows(i)).anyMatch(r -> r == row)) {
                return plan.rows(i);
            }
        }
        throw new AssertionError(row);
    }

    @Test
    void bucketedBatchesComeInNoOrderOfLength() {
        int[] lengths = lengths(5000, 6);
        BatchPlan plan = BatchPlan.of(lengths, BatchingConfig.training(10, 0), 0);
        int longer = 0;
        for (int i = 1; i < plan.size(); i++) {
            longer += lengths[plan.rows(i)[0]] > lengths[plan.rows(i - 1)[0]] ? 1 : 0;
        }
        assertEquals(0.5, (double) longer / plan.size(), 0.1);
    }

    @Test
    void evaluationStartsWithTheLongestRow() {
        BatchPlan plan = BatchPlan.of(new int[] {3, 9, 5, 9}, BatchingConfig.evaluation(3), 0);
        assertArrayEquals(new int[] {1, 3, 2}, plan.rows(0));
        assertArrayEquals(new int[] {0}, plan.rows(1));
    }

    @Test
    void noRowsMakeNoBatches() {
        assertEquals(0, BatchPlan.of(new int[0], BatchingConfig.training(4, 0), 0).size());
    }

    @Test
    void rejectsARowLongerThanTheBudget() {
        assertMessage(
                "tokenBudget must hold every row, got tokenBudget=16, length=24 at 1",
                () -> BatchPlan.of(new int[] {3, 17}, config(BatchOrder.SOURCE, 0, 16, 8), 0));
    }

    @Test
    void rejectsLengthsBelowOneAndIndicesOutOfRange() {
        assertMessage(
                "lengths must be >= 1, got length=0 at 1",
                () -> BatchPlan.of(new int[] {3, 0}, BatchingConfig.evaluation(2), 0));
        assertMessage(
                "index must be in [0, 1), got index=1",
                () -> BatchPlan.of(new int[] {3}, BatchingConfig.evaluation(2), 0).rows(1));
    }

    @Test
    void rejectsConfigurationsWithoutALimit() {
        assertMessage(
                "batchSize and tokenBudget must be >= 0 and one of them > 0, "
                        + "got batchSize=0, tokenBudget=0",
                () -> BatchingConfig.builder().optBatchSize(0).build());
        assertMessage(
                "multipleOf must be >= 1, got multipleOf=0",
                () -> BatchingConfig.builder().optMultipleOf(0).build());
    }

    private static void assertMessage(
            String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
