package org.jzoo.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.ActivationKernel;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.ExpertKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;

/**
 * Mixtures of experts as textbooks write them, a loop over experts with masks, with the same matrix
 * products as {@link ExpertKernel#apply}.
 *
 * @param maps the experts' weights, dense and without biases
 * @param precision of the matrix products
 */
record TextbookExperts(ExpertKernel.Maps maps, Precision precision) {

    /**
     * Every expert computes all tokens; a mask of weights keeps the share of those that chose it.
     *
     * @param x (B, T, D)
     * @param weights (k, N)
     * @param experts (k, N)
     * @return (B, T, D)
     */
    NDArray everyToken(NDArray x, NDArray weights, NDArray experts) {
        NDArray rows = rows(x);
        NDArray y = rows.zerosLike();
        for (int e = 0; e < maps.up().getShape().get(0); e++) {
            NDArray mask = experts.eq(e).toType(DataType.FLOAT32, false); // (k, N)
            NDArray weight = weights.mul(mask).sum(new int[] {0}).expandDims(1); // (N, 1)
            y = LinearKernel.add(y, ActivationKernel.multiply(expert(rows, e), weight));
        }
        return y.reshape(x.getShape());
    }

    /** As {@link #everyToken}, but a mask first selects the tokens that chose the expert. */
    NDArray chosenTokens(NDArray x, NDArray weights, NDArray experts) {
        NDArray rows = rows(x);
        NDArray y = rows.zerosLike();
        for (int e = 0; e < maps.up().getShape().get(0); e++) {
            NDArray mask = experts.eq(e).toType(DataType.FLOAT32, false); // (k, N)
            NDArray weight = weights.mul(mask).sum(new int[] {0}).expandDims(1); // (N, 1)
            NDArray tokens = mask.sum(new int[] {0}).nonzero().squeeze(1); // (M)
            NDArray mine = select(rows, tokens); // (M, D)
            NDArray result = ActivationKernel.multiply(expert(mine, e), select(weight, tokens));
            y = ExpertKernel.addAt(y, tokens, result);
        }
        return y.reshape(x.getShape());
    }

    private static NDArray rows(NDArray x) {
        return x.reshape(new Shape(-1, x.getShape().tail())); // (N, D)
    }

    private static NDArray select(NDArray table, NDArray index) {
        return EmbeddingKernel.lookup(index, table, -1);
    }

    private NDArray expert(NDArray x, int e) {
        NDArray inner = LinearKernel.linear(x, maps.up().get(e), null, precision);
        return LinearKernel.linear(
                Activation.GELU.apply(inner), maps.down().get(e), null, precision);
    }
}
