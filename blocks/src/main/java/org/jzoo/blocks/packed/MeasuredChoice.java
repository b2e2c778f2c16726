package org.jzoo.blocks.packed;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Which of several ways took the least time, by the size of what it worked on. The plain way stays
 * where no other was faster.
 *
 * @param sizes that were measured, rising; others take the way of the nearest, by ratio
 * @param ways for those sizes, in that order
 */
record MeasuredChoice<W extends Enum<W>>(List<Integer> sizes, List<W> ways) {

    private static final int ROUNDS = 7;
    // Sizes above one that takes this long are not tried: products rule there as they did before.
    private static final long ENOUGH_NANOS = 60_000_000;

    MeasuredChoice {
        sizes = List.copyOf(sizes);
        ways = List.copyOf(ways);
        if (sizes.isEmpty() || sizes.size() != ways.size()) {
            throw new IllegalArgumentException(
                    "there must be a way for each size, got sizes=%s, ways=%s"
                            .formatted(sizes, ways));
        }
    }

    /**
     * Measures.
     *
     * @param sizes rising
     * @param plain the way that is taken unless another is faster
     * @param work what each way does with the size of that place among {@code sizes}
     */
    static <W extends Enum<W>> MeasuredChoice<W> measure(
            List<Integer> sizes, W plain, EnumMap<W, IntConsumer> work) {
        List<W> ways = new ArrayList<>();
        long time = 0;
        for (int i = 0; i < sizes.size(); i++) {
            if (time < ENOUGH_NANOS) {
                Map<W, Long> times = times(work, i);
                time = times.get(plain);
                ways.add(least(times, plain));
            } else {
                ways.add(ways.get(i - 1));
            }
        }
        return new MeasuredChoice<>(sizes, ways);
    }

    /** The way for work of this size. */
    W at(long size) {
        int i = 0;
        while (i + 1 < sizes.size() && size * size > (long) sizes.get(i) * sizes.get(i + 1)) {
            i++;
        }
        return ways.get(i);
    }

    /** The ways that some size takes. */
    Set<W> used() {
        return EnumSet.copyOf(ways);
    }

    /** The way of the least time; the plain one if none is below its own. */
    static <W> W least(Map<W, Long> times, W plain) {
        W best = plain;
        for (Map.Entry<W, Long> entry : times.entrySet()) {
            if (entry.getValue() < times.get(best)) {
                best = entry.getKey();
            }
        }
        return best;
    }

    // Least times of turns that the ways take, so that all see the same disturbances.
    private static <W extends Enum<W>> Map<W, Long> times(EnumMap<W, IntConsumer> work, int place) {
        Map<W, Long> least = new HashMap<>();
        for (int round = 0; round <= ROUNDS; round++) {
            for (Map.Entry<W, IntConsumer> way : work.entrySet()) {
                long start = System.nanoTime();
                way.getValue().accept(place);
                long time = System.nanoTime() - start;
                if (round > 0) {
                    least.merge(way.getKey(), time, Math::min);
                }
            }
        }
        return least;
    }
}
