package org.jzoo.blocks.position;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Adds to each patch {@code sin(q / 10000^(4i/D))} in feature i and the cosine in feature D/4 + i
 * for its column q, and the same for its row from feature D/2 on; tokens before the patches stay as
 * they are.
 *
 * <p>Shapes: input and output {@code (B, T, D)}. The grid comes from the context.
 */
public final class SinusoidalGridPosition extends Part {

    SinusoidalGridPosition() {}

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        return list(ImageKernel.addSinusoids(x, ImageGrid.of(pass, x, ImageGrid.ANY)));
    }
}
