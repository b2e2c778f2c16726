package org.jzoo.datasets.batch;

/**
 * A padded batch, its matrices row after row as tensors take them.
 *
 * @param size B, the number of rows
 * @param length T, the tokens of the longest row after rounding up
 * @param ids token ids, shape (B, T), padding id where there is no token
 * @param typeIds segment ids, shape (B, T), 0 where there is no token
 * @param mask shape (B, T): 1 means attend, 0 means padding
 * @param labels class ids, shape (B), or empty if the data set has no classes
 * @param targets numbers to regress on, shape (B), or empty if the data set has none
 * @param rows the examples' rows in their source, shape (B), counted from 1
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of tensors: equality is never asked for.
public record Batch(
        int size,
        int length,
        long[] ids,
        long[] typeIds,
        long[] mask,
        long[] labels,
        float[] targets,
        long[] rows) {

    /** Tokens that are no padding. */
    public long tokens() {
        long tokens = 0;
        for (long attend : mask) {
            tokens += attend;
        }
        return tokens;
    }
}
