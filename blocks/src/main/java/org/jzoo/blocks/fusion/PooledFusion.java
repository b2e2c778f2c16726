package org.jzoo.blocks.fusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Fusion without attention, to compare with: {@code x + down(activation(up([mean text; mean
 * image])))} for every token of both streams.
 *
 * <p>Shapes: as {@link FusionOption} says; up {@code (F, 2D)}, down {@code (D, F)}.
 */
public final class PooledFusion extends Part {

    private final PooledFusionOption option;

    PooledFusion(int dim, PooledFusionOption option) {
        this.option = option;
        child("up", new Linear(2 * dim, option.width(), true));
        child("down", new Linear(option.width(), dim, true));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray text = inputs.get(0); // (B, T, D)
        NDArray image = inputs.get(1); // (B, N, D)
        boolean masked = inputs.size() > 2;
        NDArray both =
                FusionKernel.concatenate(
                        EmbeddingKernel.meanPool(text, masked ? inputs.get(2) : null),
                        EmbeddingKernel.meanPool(image, masked ? inputs.get(3) : null)); // (B, 2D)
        NDArray inner = option.activation().apply(pass.run(part("up"), both)); // (B, F)
        NDArray vector = pass.run(part("down"), inner); // (B, D)
        return new NDList(
                FusionKernel.addVector(text, vector), FusionKernel.addVector(image, vector));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0], inputShapes[1]};
    }
}
