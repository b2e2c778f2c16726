package org.jzoo.blocks.position;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Adds a learned row per position.
 *
 * <p>Shapes: input and output {@code (B, T, D)}, weight {@code (P, D)}.
 */
public final class LearnedPosition extends Part {

    private final int maxLength;
    private final Parameter weight;

    LearnedPosition(int dim, int maxLength) {
        this.maxLength = maxLength;
        weight = declare("weight", new NormalInitializer(0.02f), maxLength, dim);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        long length = x.getShape().get(1);
        NDArray table = pass.value(weight, x);
        NDArray positions = pass.context().positions();
        if (positions != null) {
            return list(EmbeddingKernel.addRows(x, table, positions));
        }
        if (length > maxLength) {
            throw new IllegalArgumentException(
                    "length must be <= maxLength, got length=%d, maxLength=%d; truncate the input"
                            .formatted(length, maxLength));
        }
        return list(EmbeddingKernel.addRows(x, table, 0));
    }
}
