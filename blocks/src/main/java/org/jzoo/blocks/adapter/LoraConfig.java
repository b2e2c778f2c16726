package org.jzoo.blocks.adapter;

/**
 * A low-rank adapter's numbers.
 *
 * @param rank R, at least 1
 * @param alpha α, positive; the update is scaled by α/R, or α/√R when rank-stabilised
 * @param dropout share of the update's inputs that are zeroed while training, in [0, 1)
 * @param rankStabilized whether the scale is α/√R
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al. 2021, LoRA</a>
 * @see <a href="https://arxiv.org/abs/2312.03732">Kalajdzievski 2023, rsLoRA</a>
 */
public record LoraConfig(int rank, double alpha, double dropout, boolean rankStabilized) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public LoraConfig {
        if (rank < 1) {
            throw new IllegalArgumentException("rank must be >= 1, got rank=" + rank);
        }
        if (!(alpha > 0)) {
            throw new IllegalArgumentException("alpha must be > 0, got alpha=" + alpha);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
    }

    /** The factor of the update. */
    public double scale() {
        return rankStabilized ? alpha / Math.sqrt(rank) : alpha / rank;
    }
}
