package org.jzoo.training.compression.pruning;

import java.util.Arrays;
import java.util.List;

/**
 * What stays of a layer.
 *
 * @param layer its number in the whole stack, from 0
 * @param heads the attention heads that stay, ascending, at least one
 * @param channels the channels of the feed-forward that stay, ascending, at least one
 */
public record LayerCut(int layer, List<Integer> heads, List<Integer> channels) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if nothing stays, or numbers are not ascending from 0
     */
    public LayerCut {
        heads = List.copyOf(heads);
        channels = List.copyOf(channels);
        if (layer < 0) {
            throw new IllegalArgumentException("layer must be >= 0, got layer=" + layer);
        }
        check("heads", heads);
        check("channels", channels);
    }

    /**
     * Keeps the most important heads and channels of a layer.
     *
     * @param layer its number
     * @param importance of its stack
     * @param numHeads heads that stay, in [1, H]
     * @param numChannels channels that stay, in [1, F]
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static LayerCut best(
            int layer, StackImportance importance, int numHeads, int numChannels) {
        double[] heads = importance.heads()[layer];
        double[] channels = importance.channels()[layer];
        StackCut.check("numHeads", numHeads, heads.length);
        StackCut.check("numChannels", numChannels, channels.length);
        return new LayerCut(layer, best(heads, numHeads), best(channels, numChannels));
    }

    /** Keeps a layer as it is. */
    public static LayerCut whole(int layer, StackImportance importance) {
        return best(
                layer,
                importance,
                importance.heads()[layer].length,
                importance.channels()[layer].length);
    }

    private static void check(String name, List<Integer> numbers) {
        int before = -1;
        for (int number : numbers) {
            if (number <= before) {
                throw new IllegalArgumentException(
                        "%s must be ascending from 0, got %s=%s".formatted(name, name, numbers));
            }
            before = number;
        }
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException(name + " must hold at least one, got none");
        }
    }

    /** The rows of a map to heads of this size that stay. */
    long[] headRows(int headSize) {
        long[] rows = new long[heads.size() * headSize];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (long) heads.get(i / headSize) * headSize + i % headSize;
        }
        return rows;
    }

    /** The rows of a map to channels that stay. */
    long[] channelRows() {
        return channels.stream().mapToLong(Integer::longValue).toArray();
    }

    /** The {@code count} numbers with the greatest importance, ascending; ties go to the first. */
    static List<Integer> best(double[] importance, int count) {
        Integer[] order = new Integer[importance.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(importance[b], importance[a]));
        return Arrays.stream(order).limit(count).sorted().toList();
    }
}
