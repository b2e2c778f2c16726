package org.jzoo.examples.length;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Texts that were not trained on.
 *
 * @param name what tables call them
 * @param texts the characters of each
 */
public record HeldOut(String name, List<long[]> texts) {

    /** All texts, one after another. */
    long[] joined() {
        return texts.stream().flatMapToLong(LongStream::of).toArray();
    }

    /**
     * Places in {@link #joined()} up to which a model reads, never into another text.
     *
     * @param windows how many, at most
     * @param targets characters before a place that no other place predicts
     * @param longest characters of the same text before every place, at least
     * @return in order, spread evenly over all there are
     * @throws IllegalArgumentException if no text is long enough
     */
    long[] ends(int windows, int targets, int longest) {
        LongStream.Builder all = LongStream.builder();
        long base = 0;
        for (long[] text : texts) {
            for (int end = longest; end < text.length; end += targets) {
                all.add(base + end);
            }
            base += text.length;
        }
        long[] places = all.build().toArray();
        if (places.length == 0) {
            throw new IllegalArgumentException(
                    "longest must be below the longest text's length, got longest=%d, texts=%s"
                            .formatted(longest, name));
        }
        int count = Math.min(windows, places.length);
        long[] chosen = new long[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = places[(int) ((long) i * places.length / count)];
        }
        return chosen;
    }
}
