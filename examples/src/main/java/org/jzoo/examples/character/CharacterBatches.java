package org.jzoo.examples.character;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.SplittableRandom;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/**
 * Windows of a long text from random places, cut on the device where the text lies; the labels are
 * the symbols that follow.
 */
public final class CharacterBatches implements Batches {

    private static final int BATCHES_PER_EPOCH = 1000;

    private final NDArray text;
    private final int length;
    private final int batchSize;
    private final long seed;

    /**
     * Creates batches.
     *
     * @param text the symbols (N) int64, on the device of the training
     * @param length symbols of a window (T), below N
     * @param batchSize windows (B), at least 1
     * @param seed of the places
     */
    public CharacterBatches(NDArray text, int length, int batchSize, long seed) {
        if (length < 1 || length >= text.size() || batchSize < 1) {
            throw new IllegalArgumentException(
                    "length must be in [1, %d) and batchSize >= 1, got length=%d, batchSize=%d"
                            .formatted(text.size(), length, batchSize));
        }
        this.text = text;
        this.length = length;
        this.batchSize = batchSize;
        this.seed = seed;
    }

    @Override
    public int size(int epoch) {
        return BATCHES_PER_EPOCH;
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        SplittableRandom random =
                new SplittableRandom((seed * 1_000_003 + epoch) * (BATCHES_PER_EPOCH + 1L) + index);
        long[] places = random.longs(batchSize, 0, text.size() - length).toArray();
        NDArray starts = manager.create(places); // (B)
        return TrainingBatch.builder()
                .setInputs(new NDList(EmbeddingKernel.windows(starts, text, 0, length)))
                .optLabels(new NDList(EmbeddingKernel.windows(starts, text, 1, length)))
                .setExamples(batchSize)
                .optTokens((long) batchSize * length)
                .build();
    }
}
