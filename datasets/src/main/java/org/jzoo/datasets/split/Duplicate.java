package org.jzoo.datasets.split;

/**
 * A row that repeats an earlier one.
 *
 * @param row the repeating row
 * @param firstRow the earlier row, which is kept
 * @param similarity 1 for equal normalised texts, else the estimated share of three-word sequences
 *     that both have of those that either has
 * @param labelsDiffer whether the two carry different labels
 */
public record Duplicate(long row, long firstRow, double similarity, boolean labelsDiffer) {}
