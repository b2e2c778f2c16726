package org.jzoo.blocks.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.function.Supplier;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;

/**
 * One forward pass as a part sees it.
 *
 * @param store where parameter values come from
 * @param training whether dropout and other noise are on
 * @param context what travels with the pass
 * @param params the context in DJL's form, handed on to children
 */
public record Pass(
        ParameterStore store,
        boolean training,
        ForwardContext context,
        PairList<String, Object> params) {

    /** Creates a pass from what DJL hands to a block; without a context it gets an empty one. */
    public static Pass of(ParameterStore store, boolean training, PairList<String, Object> params) {
        ForwardContext context = ForwardContext.from(params);
        if (context == null) {
            context = new ForwardContext();
            return new Pass(store, training, context, context.asParams());
        }
        return new Pass(store, training, context, params);
    }

    /** The value of a parameter on the device of {@code like}; null for a null parameter. */
    public NDArray value(Parameter parameter, NDArray like) {
        return parameter == null ? null : store.getValue(parameter, like.getDevice(), training);
    }

    /** Runs a child with one input and one output. */
    public NDArray run(Block block, NDArray input) {
        return run(block, new NDList(input)).singletonOrThrow();
    }

    /** Runs a child. */
    public NDList run(Block block, NDList inputs) {
        return block.forward(store, inputs, training, params);
    }

    /** Runs a model's body, which records gradients while training only, on whatever thread. */
    public NDList recordedInTraining(Supplier<NDList> body) {
        if (training) {
            return body.get();
        }
        try (GradientMode off = GradientMode.off()) {
            return body.get();
        }
    }

    /** Applies dropout with probability {@code p} while training. */
    public NDArray dropout(NDArray x, double p) {
        return training ? LinearKernel.dropout(x, p) : x;
    }

    /** The number type of matrix products. */
    public Precision precision() {
        return context.precision();
    }
}
