package org.jzoo.blocks.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.norm.LayerNorm;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * A mixer and a feed-forward, each with a norm and a residual connection.
 *
 * <p>Shapes: input and output {@code (B, T, D)}, output float32. Pre-norm: {@code x + f(norm(x))};
 * post-norm: {@code norm(x + f(x))}; DeepNorm: {@code norm(α x + f(x))}.
 */
public final class TransformerLayer extends Part {

    private final LayerConfig config;
    private final double residualScale;

    TransformerLayer(int dim, int numLayers, LayerConfig config) {
        this.config = config;
        residualScale =
                config.placement() == NormPlacement.DEEP ? Math.pow(2.0 * numLayers, 0.25) : 1;
        child("mixer", config.mixer().create(dim));
        child("mixerNorm", config.norm().create(dim));
        child("feedForward", config.feedForward().create(dim));
        child("feedForwardNorm", config.norm().create(dim));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        NDArray mixed = branch(x, "mixer", "mixerNorm", pass);
        return list(branch(mixed, "feedForward", "feedForwardNorm", pass));
    }

    private NDArray branch(NDArray x, String body, String norm, Pass pass) {
        if (config.placement() == NormPlacement.PRE) {
            NDArray y = pass.run(part(body), pass.run(part(norm), x));
            return LinearKernel.add(x, pass.dropout(y, config.dropout()));
        }
        NDArray branch = pass.run(part(body), x);
        if (pass.training() && part(norm) instanceof LayerNorm layerNorm) {
            return layerNorm.ofSum(x, residualScale, branch, config.dropout(), pass);
        }
        NDArray y = pass.dropout(branch, config.dropout());
        NDArray sum =
                residualScale == 1
                        ? LinearKernel.add(x, y)
                        : LinearKernel.addScaled(x, residualScale, y);
        return pass.run(part(norm), sum);
    }
}
