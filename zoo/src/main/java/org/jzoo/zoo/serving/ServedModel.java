package org.jzoo.zoo.serving;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.Map;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.packed.PackedMode;
import org.jzoo.blocks.packed.PreparedLinear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.encoder.EncoderPacking;
import org.jzoo.zoo.encoder.TextModel;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * A loaded model as the block of a DJL model. It computes in one precision and may be run by many
 * threads at once. Inputs and output are those of the model.
 *
 * <p>On CPU, encoders that {@link EncoderPacking} supports run in packed form, a second copy of
 * their layers' matrices that is made at the first batch and freed by {@link #close()}.
 */
public final class ServedModel extends Part implements AutoCloseable {

    /**
     * The option and argument that chooses the precision: float32 (the default), bfloat16, auto for
     * bfloat16 where the processor has units for it and float32 elsewhere, or fastest for what took
     * the least time for batches of like size when it was measured, 8 bits included ({@link
     * PackedMode#FASTEST}); models that have no packed form run fastest as auto.
     */
    public static final String PRECISION = "precision";

    private static final String AUTO = "auto";
    private static final String FASTEST = "fastest";

    private final LoadedModel loaded;
    private final Precision precision;
    private final SharedParameters shared;
    private final PackedForm packed;

    /**
     * Wraps a model.
     *
     * @param loaded the model; this block does not close it, and is to be closed before it
     * @param precision of matrix products
     */
    public ServedModel(LoadedModel loaded, Precision precision) {
        this(loaded, precision, packedMode(precision));
    }

    private ServedModel(LoadedModel loaded, Precision precision, PackedMode mode) {
        this.loaded = loaded;
        this.precision = precision;
        shared = new SharedParameters(loaded.manager());
        packed = PackedForm.of(loaded, mode);
        child("model", loaded.block());
    }

    /**
     * Wraps a model as options or arguments ask for. Asked for the fastest, a model on CPU that has
     * no packed form gets its maps of few bits replaced by {@link PreparedLinear prepared} ones,
     * after which it cannot be saved or trained.
     *
     * @param loaded the model; this block does not close it, and is to be closed before it
     * @param options among which {@link #PRECISION} may be
     * @throws IllegalArgumentException if there is no such precision
     */
    public static ServedModel of(LoadedModel loaded, Map<String, ?> options) {
        Precision precision = precision(options, loaded.manager().getDevice());
        if (!isFastest(options.get(PRECISION))) {
            return new ServedModel(loaded, precision);
        }
        ServedModel served = new ServedModel(loaded, precision, PackedMode.FASTEST);
        if (served.packed == null
                && !loaded.manager().getDevice().isGpu()
                && loaded.block() instanceof Part model) {
            PreparedLinear.prepare(model, precision, loaded.manager());
        }
        return served;
    }

    private static PackedMode packedMode(Precision precision) {
        return precision == Precision.BFLOAT16 ? PackedMode.BFLOAT16 : PackedMode.FLOAT32;
    }

    private static boolean isFastest(Object asked) {
        return asked != null && FASTEST.equalsIgnoreCase(asked.toString());
    }

    /**
     * The precision that options or arguments ask for.
     *
     * @param device where the model is to run; null for the default one
     * @throws IllegalArgumentException if there is no such precision
     */
    public static Precision precision(Map<String, ?> options, Device device) {
        Object asked = options.get(PRECISION);
        if (asked == null) {
            return Precision.FLOAT32;
        }
        if (AUTO.equalsIgnoreCase(asked.toString()) || isFastest(asked)) {
            Device used = device == null ? PyTorch.engine().defaultDevice() : device;
            boolean fast = !used.isGpu() && PackedMode.AUTO.resolve() == PackedMode.BFLOAT16;
            return fast ? Precision.BFLOAT16 : Precision.FLOAT32;
        }
        return Arrays.stream(Precision.values())
                .filter(p -> p.name().equalsIgnoreCase(asked.toString()))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "precision must be float32, bfloat16, auto or fastest, got"
                                                + " precision="
                                                + asked));
    }

    /** The model inside. */
    public LoadedModel loaded() {
        return loaded;
    }

    /** The number type of matrix products. */
    public Precision precision() {
        return precision;
    }

    /**
     * Makes a DJL model.
     *
     * @param loaded the model; the caller closes both
     * @param precision of matrix products
     */
    public static Model asModel(LoadedModel loaded, Precision precision) {
        return new ServedModel(loaded, precision).asModel();
    }

    /** This block as a DJL model that closes it; the caller closes the model. */
    public Model asModel() {
        Model model =
                Model.newInstance(
                        loaded.name(),
                        loaded.manager().getDevice(),
                        PyTorch.engine().getEngineName());
        model.setBlock(closingWith(model));
        return model;
    }

    /** Has a DJL model close this block. */
    ServedModel closingWith(Model model) {
        model.getNDManager().attachInternal("jzoo.packed", this);
        return this;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        if (pass.training()) {
            return pass.run(part("model"), inputs);
        }
        if (inputs.isEmpty()) {
            return inputs; // a translator that computes by itself asks for nothing
        }
        NDArray first = inputs.get(0);
        boolean here = first.getDevice().equals(loaded.manager().getDevice());
        ParameterStore store = here ? shared : pass.store();
        boolean packable = packed != null && here && pass.context().isPlain();
        pass.context().withPrecision(precision);
        NDArray hidden = packable ? packed.hiddenState(inputs) : null; // (B, T, D)
        if (hidden == null) {
            return part("model").forward(store, inputs, false, pass.params());
        }
        if (inputs.size() > 2) {
            pass.context().withMask(inputs.get(2));
        }
        Block head = ((TextModel) loaded.block()).part("head");
        try (GradientMode off = GradientMode.off()) {
            return head.forward(store, new NDList(hidden), false, pass.params());
        }
    }

    /** Frees the packed form, after the calls under way; closing twice does nothing. */
    @Override
    public void close() {
        if (packed != null) {
            packed.close();
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return part("model").getOutputShapes(inputShapes);
    }
}
