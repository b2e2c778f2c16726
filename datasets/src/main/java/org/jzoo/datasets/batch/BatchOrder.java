package org.jzoo.datasets.batch;

/** In which order rows become batches. */
public enum BatchOrder {
    /** As in the source, every epoch alike: for streaming results in the rows' order. */
    SOURCE,
    /**
     * Longest rows first, every epoch alike: the least padding, and the batch that needs the most
     * memory comes first. For evaluation.
     */
    LENGTH,
    /** Shuffled anew each epoch, lengths mixed. */
    SHUFFLED,
    /**
     * Shuffled anew each epoch, then sorted by length within windows of up to 50 batches (at most a
     * quarter of the rows), the batches shuffled in the end: little padding and random batches. For
     * training.
     */
    BUCKETED
}
