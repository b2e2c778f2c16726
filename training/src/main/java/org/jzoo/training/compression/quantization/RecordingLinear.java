package org.jzoo.training.compression.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PostTrainingKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/** A linear map that sums up what it is given, for one thread; padding does not count. */
final class RecordingLinear extends Part {

    private final Linear base;
    private final NDArray second;
    private final NDArray magnitude;

    RecordingLinear(Linear base, NDManager manager) {
        this.base = child("base", base);
        second = manager.zeros(new Shape(base.in(), base.in()), DataType.FLOAT64);
        magnitude = manager.zeros(new Shape(base.in()), DataType.FLOAT64);
    }

    Linear base() {
        return base;
    }

    NDArray second() {
        return second;
    }

    NDArray magnitude() {
        return magnitude;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (..., In)
        NDArray mask = pass.context().mask(); // (B, T) or (B, T, S)
        boolean padded =
                mask != null
                        && x.getShape().dimension() == 3
                        && mask.getShape().equals(x.getShape().slice(0, 2));
        try (GradientMode off = GradientMode.off()) {
            PostTrainingKernel.addInputs(second, magnitude, x, padded ? mask : null);
        }
        return pass.run(base, inputs); // (..., Out)
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return base.getOutputShapes(inputShapes);
    }
}
