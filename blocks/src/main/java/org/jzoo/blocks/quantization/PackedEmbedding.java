package org.jzoo.blocks.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.List;
import java.util.Objects;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PackedKernel;
import org.jzoo.blocks.kernel.QuantizationKernel;
import org.jzoo.blocks.part.IntegerInitializer;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * A {@link TokenEmbedding} whose vectors are packed and do not learn: the rows that a batch asks
 * for are gathered and widened, the table never is.
 *
 * <p>Shapes: input {@code (B, T)} int64 in [0, V), output {@code (B, T, D)} float32; the parameters
 * are the tables of a {@link UniformCode}.
 */
public final class PackedEmbedding extends Part {

    private final int size;
    private final int dim;
    private final WeightGrid grid;
    private final List<Parameter> tables;

    /**
     * Creates a table without vectors.
     *
     * @param size rows (V), at least 1
     * @param dim features (D), at least 8
     * @param grid whose groups lie within rows
     * @throws IllegalArgumentException if a size is out of its range or the grid does not fit
     */
    public PackedEmbedding(int size, int dim, WeightGrid grid) {
        this.size = size;
        this.dim = dim;
        this.grid = Objects.requireNonNull(grid, "grid");
        if (size < 1 || dim < 8 || grid.granularity() == Granularity.TENSOR) {
            throw new IllegalArgumentException(
                    "size must be >= 1, dim >= 8 and groups within rows, got size=%d, dim=%d, grid=%s"
                            .formatted(size, dim, grid));
        }
        tables =
                code().tables(size, dim).stream()
                        .map(
                                table ->
                                        declareConstant(
                                                table.name(),
                                                table.type() == DataType.FLOAT32
                                                        ? Initializer.ZEROS
                                                        : new IntegerInitializer(table.type()),
                                                table.shape().getShape()))
                        .toList();
    }

    /** Rounds a table to the nearest codes of a grid; the table stays as it is. */
    public static PackedEmbedding of(TokenEmbedding base, WeightGrid grid) {
        NDArray weight = base.weight().getArray(); // (V, D)
        int rows = (int) weight.getShape().get(0);
        PackedEmbedding packed = new PackedEmbedding(rows, (int) weight.getShape().tail(), grid);
        long group = grid.size(rows, packed.dim);
        NDManager owner = weight.getManager();
        try (GradientMode off = GradientMode.off();
                NDManager scope = owner.newSubManager()) {
            NDList ranges =
                    new NDList(
                            QuantizationKernel.ranges(
                                    weight, group, grid.high(), grid.symmetric()));
            ranges.attach(scope);
            NDArray codes =
                    QuantizationKernel.encode(
                            weight, ranges.get(0), ranges.get(1), group, grid.high());
            codes.attach(scope);
            packed.set(0, GridFit.codes(owner, codes.toByteArray(), rows, grid.bits()));
            packed.set(1, ranges.get(0));
            if (!grid.symmetric()) {
                packed.set(2, ranges.get(1).toType(DataType.UINT8, true));
            }
        }
        packed.tables.forEach(table -> table.getArray().attach(owner));
        return packed;
    }

    private void set(int table, NDArray array) {
        array.detach();
        // An array is only accepted by a parameter that has no shape.
        tables.get(table).setShape(null);
        tables.get(table).setArray(array);
    }

    /** Rows (V). */
    public int size() {
        return size;
    }

    /** Features (D). */
    public int dim() {
        return dim;
    }

    /** How codes stand for numbers. */
    public UniformCode code() {
        return new UniformCode(grid, false);
    }

    /** Codes, scales and, unless the grid is symmetric, zeros. */
    public List<Parameter> tables() {
        return tables;
    }

    /** The table that the codes stand for, (V, D) float32, on the codes' manager. */
    public NDArray weight() {
        return code().weight(tables.stream().map(Parameter::getArray).toArray(NDArray[]::new), dim);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray ids = inputs.singletonOrThrow(); // (B, T)
        NDArray zero = grid.symmetric() ? null : pass.value(tables.get(2), ids);
        return list(
                PackedKernel.rows(
                        ids,
                        pass.value(tables.get(0), ids),
                        pass.value(tables.get(1), ids),
                        zero,
                        dim,
                        grid.bits())); // (B, T, D)
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0].add(dim)};
    }
}
