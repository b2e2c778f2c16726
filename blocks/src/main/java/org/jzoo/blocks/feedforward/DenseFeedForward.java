package org.jzoo.blocks.feedforward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.FeedForwardKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Two linear maps with a non-linearity between: {@code down(activation(up(x)))}.
 *
 * <p>Shapes: input and output {@code (B, T, D)}; up {@code (F, D)}, down {@code (D, F)}.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>, section 3.3
 */
public final class DenseFeedForward extends Part {

    /** The capture under which the inner activations {@code (B, T, F)} are left. */
    public static final String INNER = "inner";

    private final DenseFeedForwardOption option;

    DenseFeedForward(int dim, DenseFeedForwardOption option) {
        this.option = option;
        child("up", new Linear(dim, option.width(), option.bias()));
        child("down", new Linear(option.width(), dim, option.bias()));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        // While training the host hardly keeps up with a GPU: one call instead of four.
        if (pass.training()
                && !pass.context().captures(INNER)
                && part("up") instanceof Linear up
                && part("down") instanceof Linear down) {
            return list(
                    FeedForwardKernel.dense(
                            x,
                            new FeedForwardKernel.Affine(
                                    pass.value(up.weight(), x), pass.value(up.bias(), x)),
                            option.activation().code(),
                            option.dropout(),
                            new FeedForwardKernel.Affine(
                                    pass.value(down.weight(), x), pass.value(down.bias(), x)),
                            pass.precision()));
        }
        NDArray inner = option.activation().apply(pass.run(part("up"), x)); // (B, T, F)
        pass.context().capture(INNER, inner);
        return list(pass.run(part("down"), pass.dropout(inner, option.dropout())));
    }
}
