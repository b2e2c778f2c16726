package org.jzoo.blocks.position;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.PositionKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Shifts scores by a learned number per head and bucket of distances: (T, S) int64 to (1, H, T, S);
 * weight {@code (buckets, H)}.
 */
public final class RelativePosition extends Part {

    private final RelativePositionOption option;
    private final Parameter weight;

    RelativePosition(RelativePositionOption option) {
        this.option = option;
        weight =
                declare(
                        "weight",
                        new NormalInitializer(0.02f),
                        option.numBuckets(),
                        option.numHeads());
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray distance = inputs.singletonOrThrow(); // (T, S)
        return list(
                PositionKernel.relative(
                        distance,
                        pass.value(weight, distance),
                        option.maxDistance(),
                        option.bidirectional()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {new Shape(1, option.numHeads()).addAll(inputShapes[0])};
    }
}
