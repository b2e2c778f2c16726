package org.jzoo.examples.retrieval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.datasets.vision.NamedPicture;
import org.jzoo.zoo.text.TextTokenizer;

/** Pictures as bytes on the device, and their texts in pieces that can be left out. */
final class RetrievalSet {

    private static final int CHANNELS = 3;
    private static final double KEPT = 0.75;

    private final NDArray pixels; // (N, 3, Hi, Wi) uint8
    private final List<String[]> texts;
    private final TextTokenizer tokenizer;

    RetrievalSet(
            List<NamedPicture> pictures,
            RetrievalData data,
            int side,
            TextTokenizer tokenizer,
            NDManager manager) {
        this.tokenizer = tokenizer;
        texts = pictures.stream().map(picture -> data.text(picture).split("[,;] ")).toList();
        int size = side * side;
        ByteBuffer bytes = ByteBuffer.allocateDirect(pictures.size() * CHANNELS * size);
        for (NamedPicture picture : pictures) {
            byte[] rgb = picture.rgb(side);
            for (int i = 0; i < CHANNELS * size; i++) {
                bytes.put(rgb[CHANNELS * (i % size) + i / size]);
            }
        }
        bytes.flip();
        pixels =
                manager.create(
                        bytes, new Shape(pictures.size(), CHANNELS, side, side), DataType.UINT8);
    }

    int size() {
        return texts.size();
    }

    /** Pictures by number: (B, 3, Hi, Wi) in [-1, 1]. */
    NDArray images(List<Integer> rows, NDManager manager) {
        long[] numbers = rows.stream().mapToLong(Integer::longValue).toArray();
        return ImageKernel.pixels(pixels, manager.create(numbers));
    }

    /**
     * Texts by number: ids (B, T) int64 and which of them exist (B, T).
     *
     * @param random leaves pieces out; null for whole texts
     */
    NDList texts(List<Integer> rows, Random random, NDManager manager) {
        List<long[]> ids =
                rows.stream().map(row -> tokenizer.encode(text(row, random)).ids()).toList();
        int length = ids.stream().mapToInt(each -> each.length).max().orElse(1);
        long[] all = new long[ids.size() * length];
        boolean[] mask = new boolean[ids.size() * length];
        for (int b = 0; b < ids.size(); b++) {
            System.arraycopy(ids.get(b), 0, all, b * length, ids.get(b).length);
            Arrays.fill(mask, b * length, b * length + ids.get(b).length, true);
        }
        Shape shape = new Shape(ids.size(), length);
        return new NDList(manager.create(all, shape), manager.create(mask, shape));
    }

    private String text(int row, Random random) {
        String[] pieces = texts.get(row);
        String kept =
                Arrays.stream(pieces)
                        .filter(piece -> random == null || random.nextDouble() < KEPT)
                        .collect(Collectors.joining(" "));
        return kept.isEmpty() ? String.join(" ", pieces) : kept;
    }
}
