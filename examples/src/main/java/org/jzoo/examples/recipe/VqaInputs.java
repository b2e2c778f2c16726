package org.jzoo.examples.recipe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects questions about pictures into a model's inputs, in which each wording and each picture
 * is there once.
 */
final class VqaInputs {

    private final VqaSet set;
    private final Mirrors mirrors;
    private final Map<Integer, Integer> textRows = new HashMap<>();
    private final Map<Integer, Integer> imageRows = new HashMap<>();
    private final List<Integer> texts = new ArrayList<>();
    private final List<Integer> images = new ArrayList<>();
    private final List<long[]> pairs = new ArrayList<>();
    private final List<boolean[]> present = new ArrayList<>();

    VqaInputs(VqaSet set) {
        this(set, null);
    }

    /** Inputs whose pictures are mirrored; null for none. */
    VqaInputs(VqaSet set, Mirrors mirrors) {
        this.set = set;
        this.mirrors = mirrors;
    }

    /** Adds a pair of a wording and a picture, of which one may be said not to be there. */
    void add(int text, int picture, boolean hasText, boolean hasImage) {
        pairs.add(new long[] {row(text, textRows, texts), row(picture, imageRows, images)});
        present.add(new boolean[] {hasText, hasImage});
    }

    private static long row(int item, Map<Integer, Integer> rows, List<Integer> items) {
        return rows.computeIfAbsent(
                item,
                i -> {
                    items.add(i);
                    return items.size() - 1;
                });
    }

    /** The number of pairs. */
    int size() {
        return pairs.size();
    }

    /** Tokens of all pairs' wordings. */
    long tokens() {
        return pairs.stream().mapToLong(p -> set.text(texts.get((int) p[0])).length).sum();
    }

    /** Ids and mask (M, T), images (N, 3, Hi, Wi), pairs (B, 2), present (B, 2). */
    NDList arrays(NDManager manager) {
        int rows = texts.size();
        int length = texts.stream().mapToInt(t -> set.text(t).length).max().orElse(1);
        long[] ids = new long[rows * length];
        boolean[] mask = new boolean[rows * length];
        for (int r = 0; r < rows; r++) {
            long[] text = set.text(texts.get(r));
            for (int t = 0; t < text.length; t++) {
                ids[r * length + t] = text[t];
                mask[r * length + t] = true;
            }
        }
        Shape texture = new Shape(rows, length);
        long[] flatPairs = pairs.stream().flatMapToLong(Arrays::stream).toArray();
        boolean[] flatPresent = new boolean[2 * present.size()];
        for (int b = 0; b < present.size(); b++) {
            flatPresent[2 * b] = present.get(b)[0];
            flatPresent[2 * b + 1] = present.get(b)[1];
        }
        Shape two = new Shape(pairs.size(), 2);
        NDArray pixels = set.images(images, manager);
        if (mirrors != null) {
            NDArray plain = pixels;
            pixels = mirrors.apply(plain, images);
            plain.close();
        }
        return new NDList(
                manager.create(ids, texture),
                manager.create(mask, texture),
                pixels,
                manager.create(flatPairs, two),
                manager.create(flatPresent, two));
    }
}
