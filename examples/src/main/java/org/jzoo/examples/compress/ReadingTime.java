package org.jzoo.examples.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Map;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.report.ResourceMeter;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.serving.ServedModel;

/**
 * How long a text encoder takes for one text of 32 tokens, in the form that runs fastest here (the
 * option {@code precision=fastest}): the median of 21 calls.
 */
final class ReadingTime {

    private static final int TOKENS = 32;
    private static final int WARMUPS = 5;
    private static final int RUNS = 21;

    private ReadingTime() {}

    /** Whether a model reads texts alone. */
    static boolean isMeasurable(LoadedModel model) {
        return model.config().model() instanceof EncoderConfig;
    }

    /** What is measured, for cards. */
    static String what() {
        return "1 text of at most %d tokens, %d threads, precision=fastest"
                .formatted(TOKENS, PyTorch.threads());
    }

    /** Seconds of a text; a model of few bits cannot be saved afterwards. */
    static double of(LoadedModel model) {
        int tokens = Math.min(TOKENS, model.config().textModel().maxLength());
        try (ServedModel served = ServedModel.of(model, Map.of("precision", "fastest"));
                NDManager manager = model.manager().newSubManager();
                GradientMode off = GradientMode.off()) {
            NDArray ids = manager.full(new Shape(1, tokens), 1, DataType.INT64);
            return ResourceMeter.median(
                    ResourceMeter.time(WARMUPS, RUNS, () -> read(served, ids, manager)));
        }
    }

    private static void read(ServedModel served, NDArray ids, NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray input = ids.duplicate();
            input.attach(scope);
            served.forward(new ParameterStore(scope, false), new NDList(input), false)
                    .get(0)
                    .toFloatArray();
        }
    }
}
