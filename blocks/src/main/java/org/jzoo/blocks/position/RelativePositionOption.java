package org.jzoo.blocks.position;

import ai.djl.nn.Block;

/**
 * Chooses T5's relative positions: a learned shift of the scores for each head and bucket of
 * distances. Half of a direction's buckets hold one distance each, the others grow logarithmically
 * up to {@code maxDistance}; the last one holds all beyond.
 *
 * @param numHeads H of the attention, at least 1
 * @param numBuckets rows of the table, at least 2, even if bidirectional
 * @param maxDistance where the last bucket begins, above the buckets of single distances
 * @param bidirectional whether keys after the query have buckets of their own; without, they share
 *     the bucket of distance 0
 * @see <a href="https://arxiv.org/abs/1910.10683">Raffel et al. 2020, T5</a>, section 2.1
 */
public record RelativePositionOption(
        int numHeads, int numBuckets, int maxDistance, boolean bidirectional)
        implements ScorePosition {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public RelativePositionOption {
        int directions = bidirectional ? 2 : 1;
        if (numHeads < 1 || numBuckets < 2 * directions || numBuckets % directions != 0) {
            throw new IllegalArgumentException(
                    "numHeads must be >= 1 and numBuckets >= %d and a multiple of %d, got numHeads=%d, numBuckets=%d"
                            .formatted(2 * directions, directions, numHeads, numBuckets));
        }
        if (maxDistance <= numBuckets / directions / 2) {
            throw new IllegalArgumentException(
                    "maxDistance must be > %d, got maxDistance=%d"
                            .formatted(numBuckets / directions / 2, maxDistance));
        }
    }

    @Override
    public Block create() {
        return new RelativePosition(this);
    }
}
