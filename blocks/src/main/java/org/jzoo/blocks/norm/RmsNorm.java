package org.jzoo.blocks.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import org.jzoo.blocks.kernel.NormKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Normalises the last axis: {@code x / √(mean(x²) + epsilon) · weight}.
 *
 * <p>Shapes: input and output {@code (..., D)}, output float32, weight {@code (D)}, starting at
 * one.
 *
 * @see <a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich 2019, RMSNorm</a>
 */
public final class RmsNorm extends Part {

    private final double epsilon;
    private final Parameter weight;

    RmsNorm(int dim, double epsilon) {
        this.epsilon = epsilon;
        weight = declare("weight", Initializer.ONES, dim);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (..., D)
        return list(NormKernel.rmsNorm(x, pass.value(weight, x), epsilon));
    }
}
