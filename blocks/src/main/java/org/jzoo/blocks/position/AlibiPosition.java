package org.jzoo.blocks.position;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.PositionKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/** Shifts scores by {@code -slope · |distance|}: (T, S) int64 to (1, H, T, S); no parameters. */
public final class AlibiPosition extends Part {

    private final double[] slopes;

    AlibiPosition(double[] slopes) {
        this.slopes = slopes;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        return list(PositionKernel.alibi(inputs.singletonOrThrow(), slopes));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {new Shape(1, slopes.length).addAll(inputShapes[0])};
    }
}
