package org.jzoo.datasets.batch;

import java.util.Locale;

/**
 * What truncation cut off.
 *
 * @param rows all rows
 * @param truncatedRows rows that lost tokens
 * @param tokens all tokens before truncation
 * @param lostTokens tokens cut off
 * @param longest tokens of the longest row before truncation, 0 if there is no row
 */
public record TruncationReport(
        long rows, long truncatedRows, long tokens, long lostTokens, int longest) {

    /** The share of rows that lost tokens, from 0 to 1. */
    public double truncatedShare() {
        return rows == 0 ? 0 : (double) truncatedRows / rows;
    }

    /** The share of tokens cut off, from 0 to 1. */
    public double lostShare() {
        return tokens == 0 ? 0 : (double) lostTokens / tokens;
    }

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d of %,d rows truncated (%.1f%%), %,d of %,d tokens lost (%.1f%%), longest row"
                        + " %,d",
                truncatedRows,
                rows,
                100 * truncatedShare(),
                lostTokens,
                tokens,
                100 * lostShare(),
                longest);
    }
}
