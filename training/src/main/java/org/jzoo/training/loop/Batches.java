package org.jzoo.training.loop;

import ai.djl.ndarray.NDManager;

/**
 * A data set in batches that can be asked for in any order, so that a resumed training finds the
 * batch at which it stopped.
 */
public interface Batches {

    /**
     * The number of batches in an epoch.
     *
     * @param epoch from 0
     * @return at least 1
     */
    int size(int epoch);

    /**
     * Makes a batch: for the same epoch and index always the same one.
     *
     * @param epoch from 0
     * @param index from 0, below {@link #size}
     * @param manager to which the batch's arrays are attached and on whose device they lie; the
     *     caller closes it
     */
    TrainingBatch batch(int epoch, int index, NDManager manager);
}
