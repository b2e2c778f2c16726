package org.jzoo.zoo.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/** Maps each token to the outputs: (B, T, D) to (B, T, outputs) in float32. */
public final class TokenHead extends Part {

    private final double dropout;
    private final int outputs;

    TokenHead(int dim, int outputs, double dropout) {
        this.dropout = dropout;
        this.outputs = outputs;
        child("output", new Linear(dim, outputs, true));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = pass.dropout(inputs.singletonOrThrow(), dropout); // (B, T, D)
        return list(LinearKernel.cast(pass.run(part("output"), x), Precision.FLOAT32));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape x = inputShapes[0];
        return new Shape[] {new Shape(x.get(0), x.get(1), outputs)};
    }
}
