package org.jzoo.blocks.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.PyTorch;

/**
 * Activation checkpointing: a stack runs its segments without recording, keeps only their inputs,
 * and runs each again, recording, when its gradient is due. Memory falls from all activations to
 * one segment's, for one more forward pass.
 *
 * <p>Dropout repeats because every segment draws from its own seed. After {@code backward} on the
 * loss, call {@link #backward()} once.
 *
 * @see <a href="https://arxiv.org/abs/1604.06174">Chen et al. 2016, Training Deep Nets with
 *     Sublinear Memory Cost</a>
 */
public final class Checkpoints {

    private record Segment(NDArray input, NDArray output, UnaryOperator<NDArray> body, long seed) {}

    private final long seed;
    private final ForwardContext context;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private int drawn;

    /**
     * Creates the tape of one pass.
     *
     * @param seed from which the segments' seeds are drawn; another one for each step
     * @param context the pass's context, whose auxiliary losses take part in each segment's
     *     backward pass
     */
    public Checkpoints(long seed, ForwardContext context) {
        this.seed = seed;
        this.context = context;
    }

    /**
     * Runs a segment without recording.
     *
     * @param input of any shape
     * @param body a pure function of its input and of parameters
     * @return the output, a leaf whose gradient {@link #backward()} hands on
     */
    public NDArray run(NDArray input, UnaryOperator<NDArray> body) {
        long own = seed * 1_000_003L + drawn++;
        NDArray output;
        try (GradientMode off = GradientMode.off()) {
            PyTorch.seed(own);
            output = body.apply(input);
        }
        output.setRequiresGradient(true);
        segments.push(new Segment(input, output, body, own));
        return output;
    }

    /** Runs the segments again from the last to the first and hands the gradients on. */
    public void backward() {
        backward(1);
    }

    /**
     * As {@link #backward()}, after a backward pass on a multiple of the loss.
     *
     * @param scale that multiple, for the auxiliary losses too
     */
    public void backward(double scale) {
        while (!segments.isEmpty()) {
            Segment segment = segments.pop();
            NDManager home = segment.input().getManager();
            try (NDManager scope = home.newSubManager();
                    NDArray cotangent = segment.output().getGradient();
                    GradientMode on = GradientMode.on()) {
                // A leaf of its own, unless the input is one already (the output of the segment
                // below).
                boolean leaf =
                        segments.peek() != null && segments.peek().output() == segment.input();
                NDArray input = leaf ? segment.input() : segment.input().stopGradient();
                if (!leaf) {
                    input.attach(scope);
                    input.setRequiresGradient(true);
                }
                PyTorch.seed(segment.seed());
                // Losses that are left here must outlive their layer, as in the first pass.
                NDManager keeper = context.keepIn(scope);
                Map<String, NDArray> before = Map.copyOf(context.losses());
                NDArray output = segment.body().apply(input);
                context.losses().entrySet().stream()
                        .filter(e -> before.get(e.getKey()) != e.getValue())
                        .map(e -> LossKernel.scale(e.getValue(), scale))
                        .forEach(GradientMode::backwardKeepingGraph);
                context.keepIn(keeper);
                GradientMode.backward(output, cotangent);
                if (!leaf && GradientMode.isRecorded(segment.input())) {
                    try (NDArray gradient = input.getGradient()) {
                        GradientMode.backward(segment.input(), gradient);
                    }
                }
            }
        }
    }
}
