package org.jzoo.blocks.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.linear.LinearMap;
import org.jzoo.blocks.part.IntegerInitializer;
import org.jzoo.blocks.part.Pass;

/**
 * An affine map {@code x · weightᵀ + bias} whose weight is packed and does not learn; gradients
 * flow to the input.
 *
 * <p>Shapes: input {@code (..., In)}, output {@code (..., Out)}; the parameters are the code's
 * {@link WeightCode#tables tables} and a bias {@code (Out)}.
 */
public final class PackedLinear extends LinearMap {

    private final WeightCode code;
    private final List<Parameter> tables = new ArrayList<>();
    private final Parameter bias;

    /**
     * Creates a map without weights.
     *
     * @param in features of the input
     * @param out features of the output
     * @param withBias whether a bias is added
     * @param code how codes stand for weights
     * @throws IllegalArgumentException if the code does not fit the sizes
     */
    public PackedLinear(int in, int out, boolean withBias, WeightCode code) {
        super(in, out);
        this.code = Objects.requireNonNull(code, "code");
        for (WeightTable table : code.tables(out, in)) {
            tables.add(
                    declareConstant(
                            table.name(),
                            table.type() == DataType.FLOAT32
                                    ? Initializer.ZEROS
                                    : new IntegerInitializer(table.type()),
                            table.shape().getShape()));
        }
        bias = withBias ? declareConstant("bias", Initializer.ZEROS, out) : null;
    }

    /**
     * Creates the packed form of a map.
     *
     * @param base whose sizes and bias it gets; the bias is copied
     * @param code how codes stand for weights
     * @param arrays the code's tables in their order, copied beside the base's weight
     * @throws IllegalArgumentException if a table has another type or shape than the code says
     */
    public static PackedLinear of(Linear base, WeightCode code, NDArray... arrays) {
        NDManager manager = base.weight().getArray().getManager();
        PackedLinear packed = new PackedLinear(base.in(), base.out(), base.bias() != null, code);
        List<WeightTable> wanted = code.tables(base.out(), base.in());
        for (int i = 0; i < wanted.size(); i++) {
            WeightTable table = wanted.get(i);
            NDArray array = arrays[i];
            if (array.getDataType() != table.type() || !array.getShape().equals(table.shape())) {
                throw new IllegalArgumentException(
                        "%s must be %s of shape %s, got %s of shape %s"
                                .formatted(
                                        table.name(),
                                        table.type(),
                                        table.shape(),
                                        array.getDataType(),
                                        array.getShape()));
            }
            set(packed.tables.get(i), array, manager);
        }
        if (packed.bias != null) {
            set(packed.bias, base.bias().getArray(), manager);
        }
        return packed;
    }

    private static void set(Parameter parameter, NDArray array, NDManager manager) {
        try (GradientMode off = GradientMode.off()) {
            NDArray copy = array.duplicate();
            copy.attach(manager);
            // An array is only accepted by a parameter that has no shape.
            parameter.setShape(null);
            parameter.setArray(copy);
        }
    }

    /** How codes stand for weights. */
    public WeightCode code() {
        return code;
    }

    @Override
    public Parameter bias() {
        return bias;
    }

    /** The code's tables, in its order. */
    public List<Parameter> tables() {
        return List.copyOf(tables);
    }

    /** The weight that the codes stand for, (Out, In) float32, on the codes' manager. */
    public NDArray weight() {
        return code.weight(tables.stream().map(Parameter::getArray).toArray(NDArray[]::new), in());
    }

    /** Bytes of the tables and the bias. */
    public long bytes() {
        long bytes = 0;
        for (Parameter parameter : getDirectParameters().values()) {
            NDArray array = parameter.getArray();
            bytes += array.size() * array.getDataType().getNumOfBytes();
        }
        return bytes;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (..., In)
        return list(product(x, pass));
    }

    private NDArray product(NDArray x, Pass pass) {
        return code.linear(x, values(x, pass), pass.value(bias, x), in(), pass.precision());
    }

    @Override
    public NDArray plusLowRank(
            NDArray x, Pass pass, NDArray a, NDArray b, double scale, double dropout) {
        return LinearKernel.addLowRank(product(x, pass), x, a, b, scale, dropout);
    }

    @Override
    public Linear merged(NDArray a, NDArray b, double scale) {
        try (GradientMode off = GradientMode.off();
                NDArray own = weight()) {
            NDArray sum = LinearKernel.mergeLowRank(own, a, b, scale);
            return Linear.of(sum, bias == null ? null : bias.getArray().duplicate());
        }
    }

    private NDArray[] values(NDArray x, Pass pass) {
        return tables.stream().map(table -> pass.value(table, x)).toArray(NDArray[]::new);
    }
}
