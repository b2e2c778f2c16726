package org.jzoo.blocks.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import org.jzoo.blocks.kernel.NormKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Normalises the last axis: {@code (x - mean) / √(variance + epsilon) · weight + bias}.
 *
 * <p>Shapes: input and output {@code (..., D)}, output float32, weight and bias {@code (D)},
 * starting at one and zero.
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba et al. 2016, Layer Normalization</a>
 */
public final class LayerNorm extends Part {

    private final double epsilon;
    private final Parameter weight;
    private final Parameter bias;

    LayerNorm(int dim, double epsilon) {
        this.epsilon = epsilon;
        weight = declare("weight", Initializer.ONES, dim);
        bias = declare("bias", Initializer.ZEROS, dim);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (..., D)
        return list(NormKernel.layerNorm(x, pass.value(weight, x), pass.value(bias, x), epsilon));
    }

    /**
     * Normalises {@code x · scale + dropout(y)}, as a part after a residual sum does.
     *
     * @param x (..., D)
     * @param y (..., D)
     * @param dropout share of y that is zeroed
     * @return (..., D)
     */
    public NDArray ofSum(NDArray x, double scale, NDArray y, double dropout, Pass pass) {
        return NormKernel.layerNormOfSum(
                x, scale, y, dropout, pass.value(weight, x), pass.value(bias, x), epsilon);
    }
}
