package org.jzoo.training.loop;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Random;

/** Token rows (N, T) with labels (N), cut into batches; shuffled by seed and epoch if asked. */
record Rows(long[][] ids, long[] labels, int batchSize, Long shuffle) implements Batches {

    /** Rows whose label says whether token 7 is among them. */
    static Rows learnable(int count, int batchSize, Long shuffle) {
        Random random = new Random(5);
        long[][] ids = new long[count][9];
        long[] labels = new long[count];
        for (int i = 0; i < count; i++) {
            ids[i] = random.longs(9, 8, 31).toArray();
            labels[i] = i % 2;
            if (labels[i] == 1) {
                ids[i][random.nextInt(9)] = 7;
            }
        }
        return new Rows(ids, labels, batchSize, shuffle);
    }

    @Override
    public int size(int epoch) {
        return (ids.length + batchSize - 1) / batchSize;
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        int[] order = new int[ids.length];
        Arrays.setAll(order, i -> i);
        if (shuffle != null) {
            Random random = new Random(shuffle * 1_000 + epoch);
            for (int i = order.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int kept = order[i];
                order[i] = order[j];
                order[j] = kept;
            }
        }
        int from = index * batchSize;
        int to = Math.min(ids.length, from + batchSize);
        int[] chosen = Arrays.copyOfRange(order, from, to);
        long[] flat =
                Arrays.stream(chosen).boxed().flatMapToLong(r -> Arrays.stream(ids[r])).toArray();
        long[] expected = Arrays.stream(chosen).mapToLong(r -> labels[r]).toArray();
        int length = ids[0].length;
        return TrainingBatch.builder()
                .setInputs(new NDList(manager.create(flat, new Shape(chosen.length, length))))
                .setExamples(chosen.length)
                .optLabels(new NDList(manager.create(expected)))
                .optTokens((long) chosen.length * length)
                .optRows(Arrays.stream(chosen).mapToLong(r -> r + 1).toArray())
                .build();
    }
}
