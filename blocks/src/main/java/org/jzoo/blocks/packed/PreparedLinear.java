package org.jzoo.blocks.packed;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PackedKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.Processor;
import org.jzoo.blocks.kernel.ProductKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.quantization.Granularity;
import org.jzoo.blocks.quantization.PackedLinear;
import org.jzoo.blocks.quantization.UniformCode;

/**
 * A {@link PackedLinear} in the forms that multiply fastest on this processor, for inference: for
 * each number of rows the one that took the least time when it was measured, once for each shape in
 * the life of the process; never slower than float32, as far as the measurement goes.
 *
 * <p>Shapes: input {@code (..., In)}, output {@code (..., Out)} float32. It has no parameters: a
 * model with such maps cannot be saved or trained.
 */
public final class PreparedLinear extends Part implements AutoCloseable {

    /** The measured numbers of rows. */
    static final List<Integer> ROWS = List.of(1, 8, 32, 128);

    private static final Map<Key, MeasuredChoice<ProductForm>> MEASURED = new ConcurrentHashMap<>();
    private static final Set<Integer> INT4_GROUPS = Set.of(32, 64, 128, 256);
    private static final int INT4_OUT = 16;

    private final int in;
    private final int out;
    private final MeasuredChoice<ProductForm> choice;
    private final Map<ProductForm, ProductKernel> kernels = new EnumMap<>(ProductForm.class);

    private record Key(int in, int out, boolean halves, int group, int threads) {}

    /**
     * Copies a map into the forms that some number of rows takes.
     *
     * @param map with weights, on CPU
     * @param precision FLOAT32 for products in float32 only; BFLOAT16 for all forms
     */
    public PreparedLinear(PackedLinear map, Precision precision) {
        in = map.in();
        out = map.out();
        boolean halves = precision == Precision.BFLOAT16;
        Key key = new Key(in, out, halves, halves ? group(map) : 0, PyTorch.threads());
        try (GradientMode off = GradientMode.off();
                NDArray weight = map.weight()) {
            choice = MEASURED.computeIfAbsent(key, k -> measure(map, weight, k));
            for (ProductForm form : choice.used()) {
                kernels.put(form, kernel(form, map, weight));
            }
        }
    }

    /** Replaces the packed maps of a model by prepared ones, which the model's closing frees. */
    public static void prepare(Part model, Precision precision, NDManager owner) {
        model.replaceParts(
                (path, block) -> {
                    if (!(block instanceof PackedLinear map)) {
                        return block;
                    }
                    PreparedLinear prepared = new PreparedLinear(map, precision);
                    owner.attachInternal("jzoo.prepared." + path, prepared);
                    return prepared;
                });
    }

    /** How a product with this many rows is computed. */
    public ProductForm form(long rows) {
        return choice.at(rows);
    }

    // The group of codes that can stay in 4 bits; 0 for others.
    private static int group(PackedLinear map) {
        boolean fits =
                map.code() instanceof UniformCode code
                        && code.bits() == 4
                        && !code.columnFactors()
                        && code.grid().granularity() == Granularity.GROUP
                        && INT4_GROUPS.contains(code.grid().groupSize())
                        && map.out() % INT4_OUT == 0;
        return fits ? ((UniformCode) map.code()).grid().groupSize() : 0;
    }

    private static MeasuredChoice<ProductForm> measure(PackedLinear map, NDArray weight, Key key) {
        List<ProductForm> forms = new ArrayList<>(List.of(ProductForm.FLOAT32));
        if (key.halves() && Processor.multipliesBfloat16()) {
            forms.add(ProductForm.BFLOAT16);
        }
        if (key.group() > 0) {
            forms.add(ProductForm.INT4);
        }
        List<ProductKernel> kernels = new ArrayList<>();
        try (NDManager manager = PyTorch.newBaseManager()) {
            List<NDArray> inputs =
                    ROWS.stream()
                            .map(
                                    rows ->
                                            manager.randomNormal(
                                                    0,
                                                    1,
                                                    new Shape(rows, key.in()),
                                                    DataType.FLOAT32))
                            .toList();
            EnumMap<ProductForm, IntConsumer> work = new EnumMap<>(ProductForm.class);
            for (ProductForm form : forms) {
                ProductKernel kernel = kernelOrNull(form, map, weight);
                if (kernel != null) {
                    kernels.add(kernel);
                    work.put(form, i -> kernel.linear(inputs.get(i)).close());
                }
            }
            return MeasuredChoice.measure(ROWS, ProductForm.FLOAT32, work);
        } finally {
            kernels.forEach(ProductKernel::close);
        }
    }

    // Null where PyTorch lacks the operators, as builds for other processors may.
    private static ProductKernel kernelOrNull(ProductForm form, PackedLinear map, NDArray weight) {
        try {
            return kernel(form, map, weight);
        } catch (EngineException | LinkageError notInThisBuild) {
            return null;
        }
    }

    static ProductKernel kernel(ProductForm form, PackedLinear map, NDArray weight) {
        NDArray bias = map.bias() == null ? null : map.bias().getArray();
        return switch (form) {
            case FLOAT32 -> ProductKernel.float32(weight, bias);
            case BFLOAT16 -> ProductKernel.bfloat16(weight, bias);
            case INT4 -> {
                List<Parameter> tables = map.tables();
                NDArray zero = tables.size() > 2 ? tables.get(2).getArray() : null;
                try (NDArray codes = PackedKernel.unpack(tables.get(0).getArray(), map.in(), 4)) {
                    yield ProductKernel.int4(codes, tables.get(1).getArray(), zero, bias);
                }
            }
        };
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (..., In)
        if (pass.training()) {
            throw new IllegalStateException("a prepared map must not be trained");
        }
        ProductKernel kernel = kernels.get(choice.at(x.size() / in));
        if (kernel == null) {
            throw new IllegalStateException("the prepared map must be open, got closed");
        }
        return list(kernel.linear(x)); // (..., Out)
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape x = inputShapes[0];
        return new Shape[] {x.slice(0, x.dimension() - 1).add(out)};
    }

    /** Frees the weights, after which it must not run. */
    @Override
    public void close() {
        kernels.values().forEach(ProductKernel::close);
        kernels.clear();
    }
}
