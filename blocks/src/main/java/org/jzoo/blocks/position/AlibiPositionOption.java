package org.jzoo.blocks.position;

import ai.djl.nn.Block;

/**
 * Chooses ALiBi: a head's scores fall by its slope for every position between query and key, {@code
 * -slope · |i - j|}. The slopes are a geometric series from 2^(-8/H) to 2^-8; with H no power of
 * two, those of the next lower power and every other one of the next higher.
 *
 * @param numHeads H of the attention, at least 1
 * @see <a href="https://arxiv.org/abs/2108.12409">Press et al. 2022, ALiBi</a>, section 3
 */
public record AlibiPositionOption(int numHeads) implements ScorePosition {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code numHeads} is below 1
     */
    public AlibiPositionOption {
        if (numHeads < 1) {
            throw new IllegalArgumentException("numHeads must be >= 1, got numHeads=" + numHeads);
        }
    }

    /** The heads' slopes, each in (0, 1). */
    public double[] slopes() {
        int power = Integer.highestOneBit(numHeads);
        double[] slopes = new double[numHeads];
        for (int h = 0; h < numHeads; h++) {
            slopes[h] =
                    h < power
                            ? Math.pow(2, -8.0 * (h + 1) / power)
                            : Math.pow(2, -8.0 * (2 * (h - power) + 1) / (2.0 * power));
        }
        return slopes;
    }

    @Override
    public Block create() {
        return new AlibiPosition(slopes());
    }
}
