package org.jzoo.zoo.generation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.HashMap;
import java.util.Map;
import org.jzoo.blocks.feedforward.experts.StackedLinear;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;

/**
 * A decoder's parameters for many passes in one precision: linear maps are converted once and not
 * at every token. What runs in float32 in any case stays float32.
 */
final class NarrowWeights extends ParameterStore {

    private final Map<Parameter, NDArray> converted = new HashMap<>();

    /** Converts what is linear in the decoder; {@code manager} owns the copies. */
    NarrowWeights(Part decoder, Precision precision, NDManager manager) {
        super(manager, false);
        if (precision != Precision.FLOAT32) {
            convert(decoder, precision, manager);
        }
    }

    private void convert(Block block, Precision precision, NDManager manager) {
        if (block instanceof Linear linear) {
            convert(linear.weight(), precision, manager);
        } else if (block instanceof StackedLinear experts) {
            convert(experts.weight(), precision, manager);
        } else if (block instanceof Part part) {
            part.parts().values().forEach(child -> convert(child, precision, manager));
        }
    }

    private void convert(Parameter weight, Precision precision, NDManager manager) {
        NDArray narrow = LinearKernel.cast(weight.getArray(), precision);
        narrow.attach(manager);
        converted.put(weight, narrow);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
        NDArray narrow = converted.get(parameter);
        return narrow == null && parameter != null ? parameter.getArray() : narrow;
    }
}
