package org.jzoo.datasets;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.RandomAccess;
import java.util.function.IntFunction;

/** Random numbers of generated data: every item of a set has a generator of its own. */
public final class Seeds {

    private Seeds() {}

    /**
     * The generator of item {@code index} of the set with this seed, so that items can be made in
     * any order. {@link Random}'s numbers are fixed by its specification, the same on every
     * platform; seed and index are mixed first as in SplitMix64, since neighbouring seeds give it
     * alike first numbers.
     *
     * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele et al. 2014, Fast Splittable
     *     Pseudorandom Number Generators</a>
     */
    public static Random random(long seed, long index) {
        return new Random(mix(mix(seed) + index));
    }

    /**
     * A list whose items are made each time they are asked for, so that no set needs memory.
     *
     * @param make the item of an index, the same at every call
     * @throws IllegalArgumentException if {@code size} is negative
     */
    public static <E> List<E> list(int size, IntFunction<E> make) {
        if (size < 0) {
            throw new IllegalArgumentException("size must be >= 0, got size=" + size);
        }
        return new Made<>(size, make);
    }

    private static final class Made<E> extends AbstractList<E> implements RandomAccess {

        private final int size;
        private final IntFunction<E> make;

        Made(int size, IntFunction<E> make) {
            this.size = size;
            this.make = make;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public E get(int index) {
            return make.apply(Objects.checkIndex(index, size));
        }
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
