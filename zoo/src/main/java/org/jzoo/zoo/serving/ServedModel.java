package org.jzoo.zoo.serving;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * A loaded model as the block of a DJL model. It computes in one precision and may be run by many
 * threads at once. Inputs and output are those of the model.
 */
public final class ServedModel extends Part {

    /** The option and argument that chooses the precision: float32 (the default) or bfloat16. */
    public static final String PRECISION = "precision";

    private final LoadedModel loaded;
    private final Precision precision;
    private final SharedParameters shared;

    /**
     * Wraps a model.
     *
     * @param loaded the model; this block does not close it
     * @param precision of matrix products
     */
    public ServedModel(LoadedModel loaded, Precision precision) {
        this.loaded = loaded;
        this.precision = precision;
        shared = new SharedParameters(loaded.manager());
        child("model", loaded.block());
    }

    /**
     * The precision that options or arguments ask for.
     *
     * @throws IllegalArgumentException if there is no such precision
     */
    public static Precision precision(Map<String, ?> options) {
        Object asked = options.get(PRECISION);
        if (asked == null) {
            return Precision.FLOAT32;
        }
        return Arrays.stream(Precision.values())
                .filter(p -> p.name().equalsIgnoreCase(asked.toString()))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "precision must be float32 or bfloat16, got precision="
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
        Model model =
                Model.newInstance(
                        loaded.name(),
                        loaded.manager().getDevice(),
                        PyTorch.engine().getEngineName());
        model.setBlock(new ServedModel(loaded, precision));
        return model;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        if (pass.training()) {
            return pass.run(part("model"), inputs);
        }
        pass.context().withPrecision(precision);
        NDArray first = inputs.get(0);
        boolean here = first.getDevice().equals(loaded.manager().getDevice());
        return part("model").forward(here ? shared : pass.store(), inputs, false, pass.params());
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return part("model").getOutputShapes(inputShapes);
    }
}
