package org.jzoo.examples.language;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jzoo.datasets.Seeds;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/**
 * Windows of a text, one beside the other and in random order; in each epoch they begin elsewhere.
 * The labels are the tokens that follow.
 */
final class LanguageBatches implements Batches {

    private final int[] text;
    private final int length;
    private final int batchSize;
    private final long seed;
    private int[] order = {};
    private int orderEpoch = -1;

    /**
     * Prepares batches.
     *
     * @param text tokens, more than {@code length}
     * @param length tokens of a window (T)
     * @param batchSize windows (B)
     * @param seed of order and places
     */
    LanguageBatches(int[] text, int length, int batchSize, long seed) {
        if (length < 1 || length >= text.length) {
            throw new IllegalArgumentException(
                    "maxLength must be in [1, tokens of train), got maxLength=%d, tokens=%d;"
                                    .formatted(length, text.length)
                            + " give more text or a smaller maxLength (--max-length)");
        }
        this.text = text;
        this.length = length;
        this.batchSize = batchSize;
        this.seed = seed;
    }

    private int windows() {
        return (text.length - 2) / length + 1; // the last may begin earlier
    }

    @Override
    public int size(int epoch) {
        return (windows() - 1) / batchSize + 1;
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        int first = index * batchSize;
        int[] some =
                Arrays.copyOfRange(order(epoch), first, Math.min(windows(), first + batchSize));
        return batch(text, some, length, manager);
    }

    private synchronized int[] order(int epoch) {
        if (epoch != orderEpoch) {
            int phase = Seeds.random(seed, epoch).nextInt(length);
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < windows(); i++) {
                int place = i * length - phase;
                places.add(Math.max(0, Math.min(text.length - 1 - length, place)));
            }
            Collections.shuffle(places, Seeds.random(seed, -1L - epoch));
            order = places.stream().mapToInt(place -> place).toArray();
            orderEpoch = epoch;
        }
        return order;
    }

    /** Windows of a text that begin at these places: inputs and labels (B, T). */
    static TrainingBatch batch(int[] text, int[] places, int length, NDManager manager) {
        return TrainingBatch.builder()
                .setInputs(new NDList(cut(text, places, 0, length, manager)))
                .optLabels(new NDList(cut(text, places, 1, length, manager)))
                .setExamples(places.length)
                .optTokens((long) places.length * length)
                .optRows(Arrays.stream(places).asLongStream().toArray())
                .build();
    }

    private static NDArray cut(int[] text, int[] places, int shift, int length, NDManager manager) {
        long[] ids = new long[places.length * length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = text[places[i / length] + shift + i % length];
        }
        return manager.create(ids, new Shape(places.length, length));
    }
}
