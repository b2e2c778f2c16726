package org.jzoo.blocks.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * A learned vector per token.
 *
 * <p>Shapes: input {@code (B, T)} int64 in [0, V), output {@code (B, T, D)}, weight {@code (V, D)}.
 */
public final class TokenEmbedding extends Part {

    /** Stands for "no row is padding". */
    public static final int NO_PADDING = -1;

    private final int dim;
    private final int padding;
    private final Parameter weight;

    /**
     * Creates a table, N(0, 0.02).
     *
     * @param size rows (V), at least 1
     * @param dim features (D), at least 1
     * @param padding the row that gets no gradient, or {@link #NO_PADDING}
     * @throws IllegalArgumentException if a value is out of its range
     */
    public TokenEmbedding(int size, int dim, int padding) {
        if (size < 1 || dim < 1 || padding < NO_PADDING || padding >= size) {
            throw new IllegalArgumentException(
                    "size and dim must be >= 1 and padding in [-1, size), got size=%d, dim=%d, padding=%d"
                            .formatted(size, dim, padding));
        }
        this.dim = dim;
        this.padding = padding;
        weight = declare("weight", new NormalInitializer(0.02f), size, dim);
    }

    /** The table, (V, D). */
    public Parameter weight() {
        return weight;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray ids = inputs.singletonOrThrow(); // (B, T)
        return list(EmbeddingKernel.lookup(ids, pass.value(weight, ids), padding)); // (B, T, D)
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0].add(dim)};
    }
}
