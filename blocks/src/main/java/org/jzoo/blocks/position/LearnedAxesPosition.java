package org.jzoo.blocks.position;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Adds to each patch a learned row for its row of the grid and another for its column; tokens
 * before the patches stay as they are.
 *
 * <p>Shapes: input and output {@code (B, T, D)}, rows {@code (R, D)}, columns {@code (Q, D)}. The
 * grid comes from the context.
 */
public final class LearnedAxesPosition extends Part {

    private final Grid largest;
    private final Parameter rows;
    private final Parameter columns;

    LearnedAxesPosition(int dim, Grid largest) {
        this.largest = largest;
        rows = declare("rows", new NormalInitializer(0.02f), largest.rows(), dim);
        columns = declare("columns", new NormalInitializer(0.02f), largest.columns(), dim);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        Grid grid = ImageGrid.of(pass, x, ImageGrid.ANY);
        if (grid.rows() > largest.rows() || grid.columns() > largest.columns()) {
            throw new IllegalArgumentException(
                    "grid must be at most %dx%d, got %dx%d; scale the image down"
                            .formatted(
                                    largest.rows(),
                                    largest.columns(),
                                    grid.rows(),
                                    grid.columns()));
        }
        return list(ImageKernel.addAxes(x, pass.value(rows, x), pass.value(columns, x), grid));
    }
}
