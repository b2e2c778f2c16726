package org.jzoo.datasets;

import java.util.Random;

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

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
