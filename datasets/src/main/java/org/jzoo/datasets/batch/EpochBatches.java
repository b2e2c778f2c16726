package org.jzoo.datasets.batch;

import java.util.Objects;

/**
 * The batches of every epoch by epoch and index: what a training loop asks for, in any order and
 * from any thread. It keeps the plan of the epoch last asked for.
 */
public final class EpochBatches {

    private final EncodedDataset data;
    private final BatchingConfig config;
    private BatchPlan plan;

    /** Batches of {@code data}, which the caller closes. */
    public EpochBatches(EncodedDataset data, BatchingConfig config) {
        this.data = Objects.requireNonNull(data, "data");
        this.config = Objects.requireNonNull(config, "config");
    }

    /** The plan of an epoch, from 0. */
    public synchronized BatchPlan plan(long epoch) {
        if (plan == null || plan.epoch() != epoch) {
            plan = data.plan(config, epoch);
        }
        return plan;
    }

    /** The number of batches of an epoch, from 0. */
    public int size(long epoch) {
        return plan(epoch).size();
    }

    /** A batch of an epoch, both from 0: for the same two always the same one. */
    public Batch batch(long epoch, int index) {
        return data.batch(plan(epoch), index);
    }
}
