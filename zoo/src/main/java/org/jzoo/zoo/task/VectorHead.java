package org.jzoo.zoo.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Pools, optionally maps through a non-linearity, and maps to the outputs: (B, T, D) to (B,
 * outputs) in float32.
 */
public final class VectorHead extends Part {

    private final HeadOption option;
    private final int outputs;

    VectorHead(int dim, int outputs, HeadOption option) {
        this.option = option;
        this.outputs = outputs;
        if (option.dense() != null) {
            child("dense", new Linear(dim, dim, true));
        }
        child("output", new Linear(dim, outputs, true));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x =
                option.pooling().apply(inputs.singletonOrThrow(), pass.context().mask()); // (B, D)
        if (option.dense() != null) {
            x = option.dense().apply(pass.run(part("dense"), x));
        }
        NDArray y = pass.run(part("output"), pass.dropout(x, option.dropout()));
        return list(LinearKernel.cast(y, Precision.FLOAT32));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {new Shape(inputShapes[0].get(0), outputs)};
    }
}
