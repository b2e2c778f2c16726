package org.jzoo.zoo.translator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pads texts to the longest of a batch.
 *
 * <p>A text is {@code NDList(ids (T), types (T))}, int64. A batch is {@code NDList(ids (B, T),
 * types (B, T))} and, only if something is padded, a boolean mask {@code (B, T)}, true means a real
 * token.
 */
public final class PaddingBatchifier implements Batchifier {

    private static final long serialVersionUID = 1L;

    private final long padding;

    /** Creates a batchifier that pads ids with {@code padding} and types with 0. */
    public PaddingBatchifier(long padding) {
        this.padding = padding;
    }

    @Override
    public NDList batchify(NDList[] inputs) {
        List<long[]> ids = new ArrayList<>();
        List<long[]> types = new ArrayList<>();
        for (NDList input : inputs) {
            ids.add(input.get(0).toLongArray());
            types.add(input.get(1).toLongArray());
        }
        return inputs.length == 0 ? new NDList() : batch(inputs[0].get(0).getManager(), ids, types);
    }

    /** Builds a batch from token ids and type ids. */
    NDList batch(NDManager manager, List<long[]> ids, List<long[]> types) {
        int length = ids.stream().mapToInt(row -> row.length).max().orElse(0); // T
        Shape shape = new Shape(ids.size(), length);
        NDList batch =
                new NDList(
                        manager.create(flat(ids, length, padding), shape),
                        manager.create(flat(types, length, 0), shape));
        if (ids.stream().anyMatch(row -> row.length < length)) {
            batch.add(manager.create(mask(ids, length), shape));
        }
        return batch;
    }

    private static long[] flat(List<long[]> rows, int length, long filler) {
        long[] all = new long[rows.size() * length];
        Arrays.fill(all, filler);
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * length, rows.get(i).length);
        }
        return all;
    }

    private static boolean[] mask(List<long[]> rows, int length) {
        boolean[] all = new boolean[rows.size() * length];
        for (int i = 0; i < rows.size(); i++) {
            Arrays.fill(all, i * length, i * length + rows.get(i).length, true);
        }
        return all;
    }

    /** Splits every array along its first dimension. */
    @Override
    public NDList[] unbatchify(NDList batch) {
        int size = batch.isEmpty() ? 0 : Math.toIntExact(batch.get(0).size(0));
        NDList[] rows = new NDList[size];
        for (int i = 0; i < size; i++) {
            rows[i] = new NDList();
            for (NDArray array : batch) {
                rows[i].add(array.get(i));
            }
        }
        return rows;
    }
}
