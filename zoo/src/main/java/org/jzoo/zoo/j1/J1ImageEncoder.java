package org.jzoo.zoo.j1;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.Transformer;

/**
 * Stem, positions, Transformer, and squares of tokens joined: {@code (N, C, Hi, Wi)} to {@code (N,
 * P, Di · merge²)}.
 */
final class J1ImageEncoder extends Part {

    private final J1Image config;

    J1ImageEncoder(J1Image config) {
        this.config = config;
        int dim = config.stack().dim();
        child("stem", config.stem().create(dim));
        if (config.position() != null) {
            child("positions", config.position().create(dim));
        }
        child("transformer", new Transformer(config.stack()));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray images = inputs.singletonOrThrow(); // (N, C, Hi, Wi)
        Shape shape = images.getShape();
        if (shape.dimension() != 4
                || shape.get(2) != config.size()
                || shape.get(3) != config.size()) {
            throw new IllegalArgumentException(
                    "images must be (N, C, %d, %d), got %s"
                            .formatted(config.size(), config.size(), shape));
        }
        Grid grid = config.grid();
        ForwardContext context = pass.context();
        Grid gridBefore = context.grid();
        NDArray maskBefore = context.mask();
        String scope = context.enter("image.");
        context.withGrid(grid).withMask(null);
        NDArray x = pass.run(part("stem"), images); // (N, R * Q, Di)
        if (config.position() != null) {
            x = pass.run(part("positions"), x);
        }
        x = pass.run(part("transformer"), pass.dropout(x, config.dropout()));
        context.enter(scope);
        context.withGrid(gridBefore).withMask(maskBefore);
        return list(config.merge() == 1 ? x : ImageKernel.mergeTokens(x, grid, config.merge()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        long side = config.merge();
        return new Shape[] {
            new Shape(
                    inputShapes[0].get(0),
                    config.merged().size(),
                    config.stack().dim() * side * side)
        };
    }
}
