package org.jzoo.blocks.feedforward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.ActivationKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * A linear map gated by another: {@code down(activation(gate(x)) · up(x))}.
 *
 * <p>Shapes: input and output {@code (B, T, D)}; gate and up {@code (F, D)}, down {@code (D, F)}.
 *
 * @see <a href="https://arxiv.org/abs/2002.05202">Shazeer 2020, GLU Variants Improve
 *     Transformer</a>
 */
public final class GatedFeedForward extends Part {

    private final GatedFeedForwardOption option;

    GatedFeedForward(int dim, GatedFeedForwardOption option) {
        this.option = option;
        child("gate", new Linear(dim, option.width(), option.bias()));
        child("up", new Linear(dim, option.width(), option.bias()));
        child("down", new Linear(option.width(), dim, option.bias()));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        NDArray gate = option.activation().apply(pass.run(part("gate"), x)); // (B, T, F)
        NDArray inner = ActivationKernel.multiply(gate, pass.run(part("up"), x));
        pass.context().capture(DenseFeedForward.INNER, inner);
        return list(pass.run(part("down"), pass.dropout(inner, option.dropout())));
    }
}
