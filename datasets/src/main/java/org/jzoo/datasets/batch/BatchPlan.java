package org.jzoo.datasets.batch;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Which rows make up which batch of one epoch.
 *
 * <p>A plan is a function of the rows' lengths, the configuration and the epoch alone, so a
 * training that was killed finds the same batches under the same indices again. It takes 4 bytes a
 * row.
 */
public final class BatchPlan {

    private static final int WINDOW_BATCHES = 50;
    private static final int FEWEST_WINDOWS = 4;

    private final BatchingConfig config;
    private final long epoch;
    private final int[] order;
    private final int[] starts;

    private BatchPlan(BatchingConfig config, long epoch, int[] order, int[] starts) {
        this.config = config;
        this.epoch = epoch;
        this.order = order;
        this.starts = starts;
    }

    /**
     * Plans an epoch.
     *
     * @param lengths tokens of each row, at least 1
     * @param config how to batch
     * @param epoch from 0
     * @throws IllegalArgumentException if a row alone exceeds the token budget
     */
    public static BatchPlan of(int[] lengths, BatchingConfig config, long epoch) {
        checkBudget(lengths, config);
        // Two draws apart: (seed 1, epoch 2) must not equal (seed 2, epoch 1).
        SplittableRandom random =
                new SplittableRandom(new SplittableRandom(config.seed()).nextLong() + epoch);
        int[] order = new int[lengths.length];
        Arrays.setAll(order, i -> i);
        switch (config.order()) {
            case SOURCE -> {}
            case LENGTH -> sort(order, 0, order.length, lengths, true);
            case SHUFFLED -> shuffle(order, random);
            case BUCKETED -> {
                shuffle(order, random);
                sortWindows(order, lengths, config);
            }
        }
        int[] starts = cut(order, lengths, config);
        if (config.order() == BatchOrder.BUCKETED) {
            return shuffleBatches(config, epoch, order, starts, random);
        }
        return new BatchPlan(config, epoch, order, starts);
    }

    /** The number of batches. */
    public int size() {
        return starts.length - 1;
    }

    /** The epoch this plans. */
    public long epoch() {
        return epoch;
    }

    /** How rows were batched. */
    public BatchingConfig config() {
        return config;
    }

    /** The rows of a batch, as positions in the data set from 0; index is below {@link #size}. */
    public int[] rows(int index) {
        if (index < 0 || index >= size()) {
            throw new IllegalArgumentException(
                    "index must be in [0, %d), got index=%d".formatted(size(), index));
        }
        return Arrays.copyOfRange(order, starts[index], starts[index + 1]);
    }

    /**
     * A hash of every batch's rows in order. A checkpoint that keeps it can tell on resuming that
     * the data and the batching are still the same.
     */
    public long fingerprint() {
        long hash = 0xcbf29ce484222325L;
        for (int batch = 0; batch < size(); batch++) {
            for (int i = starts[batch]; i < starts[batch + 1]; i++) {
                hash = (hash ^ order[i]) * 0x100000001b3L;
            }
            hash = (hash ^ -1) * 0x100000001b3L;
        }
        return hash;
    }

    private static void checkBudget(int[] lengths, BatchingConfig config) {
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 1) {
                throw new IllegalArgumentException(
                        "lengths must be >= 1, got length=%d at %d".formatted(lengths[i], i));
            }
            if (config.tokenBudget() > 0 && config.padded(lengths[i]) > config.tokenBudget()) {
                throw new IllegalArgumentException(
                        "tokenBudget must hold every row, got tokenBudget=%d, length=%d at %d"
                                .formatted(config.tokenBudget(), config.padded(lengths[i]), i));
            }
        }
    }

    private static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }

    /**
     * Sorts each window by length, up and down in turn: where windows meet, lengths are alike, so
     * that a batch across the border is padded little.
     */
    private static void sortWindows(int[] order, int[] lengths, BatchingConfig config) {
        long rows = order.length;
        long batch = config.batchSize() > 0 ? config.batchSize() : rows;
        if (config.tokenBudget() > 0 && rows > 0) {
            long mean = Math.max(1, Arrays.stream(lengths).asLongStream().sum() / rows);
            batch = Math.min(batch, Math.max(1, config.tokenBudget() / mean));
        }
        long quarter = (rows + FEWEST_WINDOWS - 1) / FEWEST_WINDOWS;
        int window = (int) Math.max(batch, Math.min(batch * WINDOW_BATCHES, quarter));
        boolean down = false;
        for (int from = 0; from < rows; from += window) {
            sort(order, from, (int) Math.min(rows, from + (long) window), lengths, down);
            down = !down;
        }
    }

    /** Sorts by length, equal lengths staying in the order they have. */
    private static void sort(int[] order, int from, int to, int[] lengths, boolean down) {
        long[] keys = new long[to - from];
        for (int i = 0; i < keys.length; i++) {
            long length = lengths[order[from + i]];
            keys[i] = (down ? Integer.MAX_VALUE - length : length) << 32 | i;
        }
        Arrays.sort(keys);
        int[] sorted = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            sorted[i] = order[from + (int) keys[i]];
        }
        System.arraycopy(sorted, 0, order, from, sorted.length);
    }

    private static int[] cut(int[] order, int[] lengths, BatchingConfig config) {
        int[] starts = new int[order.length + 1];
        int batches = 0;
        int longest = 0;
        for (int i = 0; i < order.length; i++) {
            int rows = i - starts[batches];
            int padded = Math.max(longest, config.padded(lengths[order[i]]));
            boolean full =
                    (config.batchSize() > 0 && rows == config.batchSize())
                            || (config.tokenBudget() > 0
                                    && (rows + 1L) * padded > config.tokenBudget());
            if (full) {
                starts[++batches] = i;
                padded = config.padded(lengths[order[i]]);
            }
            longest = padded;
        }
        if (order.length > 0) {
            starts[++batches] = order.length;
        }
        return Arrays.copyOf(starts, batches + 1);
    }

    private static BatchPlan shuffleBatches(
            BatchingConfig config, long epoch, int[] order, int[] starts, SplittableRandom random) {
        int[] batches = new int[starts.length - 1];
        Arrays.setAll(batches, i -> i);
        shuffle(batches, random);
        int[] newOrder = new int[order.length];
        int[] newStarts = new int[starts.length];
        for (int i = 0; i < batches.length; i++) {
            int from = starts[batches[i]];
            int size = starts[batches[i] + 1] - from;
            System.arraycopy(order, from, newOrder, newStarts[i], size);
            newStarts[i + 1] = newStarts[i] + size;
        }
        return new BatchPlan(config, epoch, newOrder, newStarts);
    }
}
