package org.jzoo.training.loop;

/** Seeds drawn from a run's seed, as far apart as if they were drawn at random. */
final class Seeds {

    private Seeds() {}

    /**
     * The seed of one batch.
     *
     * @param run the run's seed
     * @param step steps made before, from 0
     * @param index the batch's number within the step, from 0
     */
    static long of(long run, long step, int index) {
        return mix(mix(mix(run) + step) + index);
    }

    // The finalizer of SplitMix64 (Steele, Lea and Flood 2014), one golden ratio onwards.
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
