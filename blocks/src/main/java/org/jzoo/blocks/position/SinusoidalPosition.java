package org.jzoo.blocks.position;

import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Adds {@code sin(p / 10000^(2i/D))} to feature 2i and the cosine to feature 2i+1.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>, section 3.5
 */
public final class SinusoidalPosition extends Part {

    SinusoidalPosition() {}

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        return list(
                EmbeddingKernel.addSinusoids(
                        inputs.singletonOrThrow(), pass.context().positions()));
    }
}
