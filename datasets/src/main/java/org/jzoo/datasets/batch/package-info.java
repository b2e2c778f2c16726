/**
 * Batches of encoded text: lengths put in buckets, rows padded to the longest of their batch, and
 * an order that the seed, the epoch and the batch's index determine.
 *
 * <p>Shape letters: B rows of a batch, T tokens of its longest row after padding.
 */
package org.jzoo.datasets.batch;
