package org.jzoo.zoo.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jzoo.blocks.kernel.NormKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/** Pools, and scales to length 1 if asked: (B, T, D) to (B, D). No parameters. */
public final class EmbeddingHead extends Part {

    private static final double SMALLEST_NORM = 1e-12;

    private final EmbeddingTask task;

    EmbeddingHead(EmbeddingTask task) {
        this.task = task;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray pooled =
                task.pooling().apply(inputs.singletonOrThrow(), pass.context().mask()); // (B, D)
        return list(task.normalize() ? NormKernel.l2Normalize(pooled, SMALLEST_NORM) : pooled);
    }
}
