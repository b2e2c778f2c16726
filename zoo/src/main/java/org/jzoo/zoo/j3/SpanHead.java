package org.jzoo.zoo.j3;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/** Maps each token to its logits of being the first and the last: (B, T, D) to (B, T, 2). */
final class SpanHead extends Part {

    private static final int ENDS = 2;

    private final double dropout;

    SpanHead(int dim, double dropout) {
        this.dropout = dropout;
        child("output", new Linear(dim, ENDS, true));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = pass.dropout(inputs.singletonOrThrow(), dropout); // (B, T, D)
        return list(LinearKernel.cast(pass.run(part("output"), x), Precision.FLOAT32));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape x = inputShapes[0];
        return new Shape[] {new Shape(x.get(0), x.get(1), ENDS)};
    }
}
