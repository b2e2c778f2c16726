package org.jzoo.training.compression.pruning;

import ai.djl.ndarray.NDArray;
import org.jzoo.blocks.kernel.ImportanceKernel;

/** Which weights of a matrix stay; the others become 0. */
public sealed interface SparsityRule {

    /**
     * Says which weights stay.
     *
     * @param weight (Out, In)
     * @return (Out, In), 1 for those that stay, else 0
     */
    NDArray mask(NDArray weight);

    /**
     * All but the smallest magnitudes of a matrix.
     *
     * @param sparsity share of the weights that become 0, in [0, 1)
     * @see <a href="https://arxiv.org/abs/1506.02626">Han et al. 2015, Learning both Weights and
     *     Connections</a>
     */
    record Magnitude(double sparsity) implements SparsityRule {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if the share is out of its range
         */
        public Magnitude {
            if (!(sparsity >= 0 && sparsity < 1)) {
                throw new IllegalArgumentException(
                        "sparsity must be in [0, 1), got sparsity=" + sparsity);
            }
        }

        @Override
        public NDArray mask(NDArray weight) {
            return ImportanceKernel.magnitudeMask(weight, sparsity);
        }
    }

    /**
     * The largest few of each group of neighbours in a row, such as two of four, which GPUs have
     * units for.
     *
     * @param kept of each group, in [1, group)
     * @param group neighbours, a divisor of In
     * @see <a href="https://arxiv.org/abs/2104.08378">Mishra et al. 2021, Accelerating Sparse Deep
     *     Neural Networks</a>
     */
    record Groups(int kept, int group) implements SparsityRule {

        /** Two of four. */
        public static final Groups TWO_OF_FOUR = new Groups(2, 4);

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Groups {
            if (kept < 1 || kept >= group) {
                throw new IllegalArgumentException(
                        "kept must be in [1, group), got kept=%d, group=%d".formatted(kept, group));
            }
        }

        @Override
        public NDArray mask(NDArray weight) {
            long in = weight.getShape().tail();
            if (in % group != 0) {
                throw new IllegalArgumentException(
                        "group must divide In, got group=%d, In=%d".formatted(group, in));
            }
            return ImportanceKernel.groupMask(weight, kept, group);
        }
    }
}
