package org.jzoo.zoo.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.NormKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Pools, maps if there is a pooler, and scales to length 1 if asked: (B, T, D) to (B, D or width)
 * in float32.
 */
public final class ImageEmbeddingHead extends Part {

    private static final double SMALLEST_NORM = 1e-12;

    private final ImageEmbeddingTask task;

    ImageEmbeddingHead(int dim, ImageEmbeddingTask task) {
        this.task = task;
        if (task.pooler() != null) {
            child("dense", new Linear(dim, task.pooler().width(), true));
        }
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = task.pooling().apply(inputs.singletonOrThrow(), null); // (B, D)
        if (task.pooler() != null) {
            NDArray mapped = task.pooler().activation().apply(pass.run(part("dense"), x));
            x = LinearKernel.cast(mapped, Precision.FLOAT32); // (B, width)
        }
        return list(task.normalize() ? NormKernel.l2Normalize(x, SMALLEST_NORM) : x);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape x = inputShapes[0];
        long width = task.pooler() == null ? x.tail() : task.pooler().width();
        return new Shape[] {new Shape(x.get(0), width)};
    }
}
