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
 * Adds a learned row per place of a grid, and per token before it. A grid of another size gets the
 * rows that bicubic interpolation finds between the learned ones.
 *
 * <p>Shapes: input and output {@code (B, T, D)}, weight {@code (leading + rows · columns, D)}. The
 * grid comes from the context.
 */
public final class LearnedGridPosition extends Part {

    private final LearnedGridPositionOption option;
    private final Parameter weight;

    LearnedGridPosition(int dim, LearnedGridPositionOption option) {
        this.option = option;
        int rows = option.leading() + option.grid().size();
        weight = declare("weight", new NormalInitializer(0.02f), rows, dim);
    }

    /** The table, (leading + rows · columns, D). */
    public Parameter weight() {
        return weight;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        Grid grid = ImageGrid.of(pass, x, option.leading());
        return list(ImageKernel.addGrid(x, pass.value(weight, x), grid, option.grid()));
    }
}
