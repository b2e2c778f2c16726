package org.jzoo.zoo.j1;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.ActivationKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/** A map, GELU, and a map to the outputs: (B, D) to (B, outputs) in float32. */
final class FusedHead extends Part {

    private final int outputs;
    private final double dropout;

    FusedHead(int dim, int outputs, double dropout) {
        this.outputs = outputs;
        this.dropout = dropout;
        child("dense", new Linear(dim, dim, true));
        child("output", new Linear(dim, outputs, true));
    }

    static void checkDropout(double dropout) {
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = ActivationKernel.gelu(pass.run(part("dense"), inputs.singletonOrThrow()));
        NDArray y = pass.run(part("output"), pass.dropout(x, dropout)); // (B, outputs)
        return list(LinearKernel.cast(y, Precision.FLOAT32));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {new Shape(inputShapes[0].get(0), outputs)};
    }
}
