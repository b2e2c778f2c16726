package org.jzoo.zoo.j3;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jzoo.blocks.chunk.ChunkStack;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.SegmentKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.memory.SegmentConfig;
import org.jzoo.blocks.memory.Segmented;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.encoder.TextEncoder;
import org.jzoo.zoo.generation.Continuing;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.generation.TokenGenerator;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TextTask;

/**
 * A J3 with the head of a task.
 *
 * <p>Inputs: token ids {@code (B, N)} int64 of any length; optionally type ids, which mean nothing
 * here; if anything is padded, the mask {@code (B, N)} (boolean, true means a real token); and
 * optionally a question {@code (B, Q)} int64 with its mask {@code (B, Q)}, which all chunks see.
 * Output: what the head says of all hidden states {@code (B, N, D)}. Without training it records no
 * gradients, on whatever thread it runs; to read without holding the whole input, see {@link
 * J3Reader}, to train on long inputs, {@link #train}.
 *
 * <p>Weights of maps start at N(0, 1/√In), words at N(0, 1/√D).
 */
public final class J3Model extends Part implements Continuing {

    private final J3Config config;
    private final Task task;
    private final TextEncoder encoder;
    private final J3Chunk chunk;
    private final Segmented chunks;

    /** Builds the model, without weights. */
    public J3Model(J3Config config, Task task) {
        this.config = config;
        this.task = task;
        encoder =
                child("encoder", new TextEncoder(config.encoder(), new ChunkStack(config.body())));
        child("head", head(task));
        chunk = new J3Chunk(config, encoder);
        chunks = new Segmented(chunk, config.segments());
        widen(this);
        encoder.tokens()
                .weight()
                .setInitializer(new NormalInitializer((float) (1 / Math.sqrt(config.dim()))));
    }

    private Block head(Task what) {
        if (what instanceof TextTask texts) {
            return texts.createHead(encoder);
        }
        return what instanceof SpanTask span
                ? span.createHead(config.dim())
                : new NextTokenHead(encoder.tokens(), config.vocabularySize());
    }

    // N(0, 0.02) suits wide models: narrow ones would see all alike for many epochs.
    private static void widen(Part part) {
        for (Block child : part.parts().values()) {
            if (child instanceof Linear linear) {
                float deviation = (float) (1 / Math.sqrt(linear.in()));
                linear.weight().setInitializer(new NormalInitializer(deviation));
            } else if (child instanceof Part inner) {
                widen(inner);
            }
        }
    }

    /** The numbers. */
    public J3Config config() {
        return config;
    }

    /** What the head is for. */
    public Task task() {
        return task;
    }

    /**
     * Continues texts of any length in memory that does not grow with them.
     *
     * @throws IllegalStateException if the task is not to continue texts
     */
    @Override
    public TokenGenerator generator(List<Long> endTokens, GenerationConfig numbers) {
        if (!(task instanceof CausalLanguageTask)) {
            throw new IllegalStateException(
                    "task must be CausalLanguageTask, got task=" + task.getClass().getSimpleName());
        }
        return new J3Generator(this, endTokens, numbers);
    }

    /** Reads one chunk: ids (B, C) to hidden states (B, C, D); see {@link J3Reader}. */
    J3Chunk chunk() {
        return chunk;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        if (pass.training()) {
            return run(inputs, pass);
        }
        try (GradientMode off = GradientMode.off()) {
            return run(inputs, pass);
        }
    }

    private NDList run(NDList inputs, Pass pass) {
        return pass.run(part("head"), new NDList(hidden(inputs, pass)));
    }

    /**
     * What the head reads, with the graph of all chunks if gradients are recorded.
     *
     * @param inputs as {@link J3Model} takes them
     * @return the states of all tokens (B, N, D)
     */
    public NDArray hidden(NDList inputs, Pass pass) {
        return hidden(inputs, pass, config.chunkLength());
    }

    /**
     * The same, read in chunks of another length.
     *
     * @param chunkLength tokens that are read at once, at least 1
     */
    public NDArray hidden(NDList inputs, Pass pass, int chunkLength) {
        prepare(inputs, pass.context());
        if (inputs.head().getShape().get(1) <= chunkLength) {
            return pass.run(chunk, inputs.head()); // (B, N, D)
        }
        boolean usual = chunkLength == config.chunkLength();
        SegmentConfig cuts = new SegmentConfig(chunkLength, config.gradientChunks());
        return pass.run(usual ? chunks : new Segmented(chunk, cuts), inputs.head());
    }

    /** The head's outputs for states (B, T, D), as part of a pass. */
    public NDArray outputs(NDArray hidden, Pass pass) {
        return pass.run(part("head"), hidden);
    }

    private static void prepare(NDList inputs, ForwardContext context) {
        if (inputs.size() > 2) {
            context.withMask(inputs.get(2));
        }
        if (inputs.size() > 3) {
            new J3Question(inputs.get(3), inputs.size() > 4 ? inputs.get(4) : null).leave(context);
        }
    }

    /**
     * Reads a long batch forward and backward, group of {@link J3Config#gradientChunks} chunks by
     * group, so that memory does not grow with the length. Gradients are added to the parameters'.
     *
     * @param store where parameter values come from
     * @param inputs as {@link J3Model} takes them
     * @param context the precision, and earlier memories
     * @param loss each chunk's share of the loss
     * @return the sum of all shares, auxiliary losses included
     */
    public double train(
            ParameterStore store, NDList inputs, ForwardContext context, ChunkLoss loss) {
        prepare(inputs, context);
        return chunks.train(
                store,
                inputs.head(),
                context,
                (index, hidden) -> loss.of(index, hidden, head(store, true, context)));
    }

    /**
     * Reads a long batch and forgets all states but those of the last chunk, without gradients, in
     * memory that grows with the store alone.
     *
     * @param inputs as {@link J3Model} takes them
     * @param context the precision
     * @return the last chunk's states (B, C', D) in float32, C' the tokens that are left for it
     */
    public NDArray readToEnd(ParameterStore store, NDList inputs, ForwardContext context) {
        prepare(inputs, context);
        NDArray ids = inputs.head(); // (B, N)
        NDArray mask = context.mask();
        int count = config.segments().count(ids.getShape().get(1));
        NDManager home = ids.getManager();
        NDManager before = null;
        ForwardContext now = context;
        try (GradientMode off = GradientMode.off()) {
            for (int i = 0; ; i++) {
                int start = i * config.chunkLength();
                int length = (int) Math.min(config.chunkLength(), ids.getShape().get(1) - start);
                NDManager memory = home.newSubManager();
                now = now.next().withMemory(i < count - 1 ? memory : null);
                try (NDManager working = home.newSubManager()) {
                    if (mask != null) {
                        NDArray part = SegmentKernel.cut(mask, start, length);
                        part.attach(working);
                        now.withMask(part);
                    }
                    NDArray part = SegmentKernel.cut(ids, start, length);
                    part.attach(working);
                    NDArray hidden =
                            chunk.forward(store, new NDList(part), false, now.asParams())
                                    .singletonOrThrow();
                    if (i == count - 1) {
                        NDArray last = LinearKernel.cast(hidden, Precision.FLOAT32);
                        last.attach(home);
                        return last;
                    }
                } finally {
                    if (before != null) {
                        before.close();
                    }
                    before = memory;
                }
            }
        }
    }

    /** The head by itself: states (B, T, D) to its outputs. */
    UnaryOperator<NDArray> head(ParameterStore store, boolean training, ForwardContext like) {
        return hidden ->
                part("head")
                        .forward(
                                store,
                                new NDList(hidden),
                                training,
                                new ForwardContext().withPrecision(like.precision()).asParams())
                        .singletonOrThrow();
    }

    /**
     * The head's outputs for some states, without gradients.
     *
     * @param hidden (B, T, D)
     * @param context the precision
     */
    public NDArray outputs(NDArray hidden, ForwardContext context) {
        try (GradientMode off = GradientMode.off()) {
            return head(new ParameterStore(hidden.getManager(), false), false, context)
                    .apply(hidden);
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape hidden = inputShapes[0].add(config.dim());
        return part("head").getOutputShapes(new Shape[] {hidden});
    }
}
