package org.jzoo.examples.length;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;

/** Bits per character on held-out text: the same characters whatever the length. */
final class LengthJudge {

    private final LengthConfig config;
    private final NDManager manager;
    private final NDArray text;
    private final long[] ends;

    LengthJudge(HeldOut heldOut, LengthConfig config, NDManager manager) {
        this.config = config;
        this.manager = manager;
        LengthConfig.Judging judging = config.judging();
        text = manager.create(heldOut.joined());
        ends = heldOut.ends(judging.windows(), judging.targets(), judging.longest());
    }

    /** The mean of -log2 p over all targets, each window {@code length} characters long. */
    double bits(Block model, int length) {
        int rows = Math.max(1, config.judging().batchTokens() / length);
        double sum = 0;
        for (int from = 0; from < ends.length; from += rows) {
            long[] some = Arrays.copyOfRange(ends, from, Math.min(ends.length, from + rows));
            sum += some.length * loss(model, some, length);
        }
        return sum / ends.length / Math.log(2);
    }

    private double loss(Block model, long[] places, int length) {
        long[] starts = Arrays.stream(places).map(end -> end - length).toArray();
        try (NDManager scope = manager.newSubManager();
                GradientMode off = GradientMode.off()) {
            NDArray first = scope.create(starts); // (B)
            NDArray ids = EmbeddingKernel.windows(first, text, 0, length); // (B, T)
            NDArray labels = EmbeddingKernel.windows(first, text, 1, length); // (B, T)
            int before = length - config.judging().targets();
            if (before > 0) {
                labels.set(new NDIndex(":, :" + before), LossKernel.IGNORE);
            }
            ForwardContext context = new ForwardContext().withPrecision(config.precision());
            NDArray logits =
                    model.forward(
                                    new ParameterStore(scope, false),
                                    new NDList(ids),
                                    false,
                                    context.asParams())
                            .singletonOrThrow(); // (B, T, V)
            return LossKernel.crossEntropy(logits, labels, null, 0).toFloatArray()[0];
        }
    }
}
