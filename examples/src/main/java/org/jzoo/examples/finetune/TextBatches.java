package org.jzoo.examples.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jzoo.datasets.batch.Batch;
import org.jzoo.datasets.batch.BatchPlan;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/** A data set's batches in the form that the training loop takes. */
public final class TextBatches implements Batches {

    private final EncodedDataset data;
    private final BatchingConfig config;
    private final Map<Integer, BatchPlan> plans = new ConcurrentHashMap<>();

    /** Batches of {@code data}, planned anew for each epoch. */
    public TextBatches(EncodedDataset data, BatchingConfig config) {
        this.data = data;
        this.config = config;
    }

    @Override
    public int size(int epoch) {
        return plan(epoch).size();
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        Batch batch = data.batch(plan(epoch), index);
        Shape shape = new Shape(batch.size(), batch.length());
        NDList inputs =
                new NDList(
                        manager.create(batch.ids(), shape), manager.create(batch.typeIds(), shape));
        TrainingBatch.Builder builder =
                TrainingBatch.builder()
                        .setInputs(inputs)
                        .setExamples(batch.size())
                        .optTokens(batch.tokens())
                        .optRows(batch.rows());
        if (batch.tokens() < batch.mask().length) {
            builder.optMask(manager.create(booleans(batch.mask()), shape));
        }
        NDArray labels = labels(batch, manager);
        return labels == null ? builder.build() : builder.optLabels(new NDList(labels)).build();
    }

    private static boolean[] booleans(long[] mask) {
        boolean[] keep = new boolean[mask.length];
        for (int i = 0; i < keep.length; i++) {
            keep[i] = mask[i] != 0;
        }
        return keep;
    }

    private static NDArray labels(Batch batch, NDManager manager) {
        if (batch.labels().length > 0) {
            return manager.create(batch.labels()); // (B)
        }
        return batch.targets().length > 0 ? manager.create(batch.targets()) : null; // (B)
    }

    private BatchPlan plan(int epoch) {
        // One plan at a time: an epoch's is not needed once the next begins.
        if (!plans.containsKey(epoch)) {
            plans.clear();
        }
        return plans.computeIfAbsent(epoch, e -> data.plan(config, e));
    }
}
