package org.jzoo.blocks.chunk;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.training.initializer.NormalInitializer;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.position.SinusoidalPositionOption;
import org.jzoo.blocks.transformer.Transformer;

/**
 * Layers that read one chunk of a long input together with memory tokens and with global tokens,
 * such as a question: {@code [memory; globals; chunk]}, as a decoder {@code [memory; globals;
 * chunk; memory]}. Without {@link ChunkStackConfig#globals()} it leaves global tokens out.
 *
 * <p>Shapes: inputs the chunk {@code (B, C, D)} and, optionally, global tokens {@code (B, G, D)}
 * and which of them exist {@code (B, G)} (true means they do); output the chunk's states {@code (B,
 * C, D)}. The first chunk's memory {@code (M, D)} is learned, as are marks that tell global tokens
 * and memory to be written from other tokens, {@code (D)} each; global tokens know their order by
 * sinusoids. The context's mask is {@code (B, C)}. What the next chunk needs is left with the
 * context's states if it has a memory ({@link ForwardContext#memory()}). A decoder reads a chunk
 * also token by token; see {@link ChunkGrowth}.
 *
 * @see <a href="https://arxiv.org/abs/2207.06881">Bulatov et al. 2022, Recurrent Memory
 *     Transformer</a>, section 3.2
 */
public final class ChunkStack extends Part {

    private static final String SCOPE = "chunkMemory.";

    private final ChunkStackConfig config;
    private final Parameter initial;
    private final Parameter writing;
    private final Parameter globalMark;

    /** Builds the memory and the layers. */
    public ChunkStack(ChunkStackConfig config) {
        this.config = config;
        int dim = config.stack().dim();
        ChunkMemoryOption memory = config.memory();
        boolean behind = memory != null && config.form() == ChunkStackConfig.Form.DECODER;
        initial =
                memory == null
                        ? null
                        : declare("initial", new NormalInitializer(1), memory.numTokens(), dim);
        writing = behind ? declare("writing", new NormalInitializer(0.5f), dim) : null;
        globalMark =
                config.globals() ? declare("globalMark", new NormalInitializer(0.5f), dim) : null;
        if (config.globals()) {
            child("globalPositions", new SinusoidalPositionOption().create(dim));
        }
        if (memory != null && memory.gateBias() != null) {
            float bias = memory.gateBias().floatValue();
            child("memoryGate", new Linear(2 * dim, dim, new ConstantInitializer(bias)));
        }
        child("stack", new Transformer(config.stack()));
    }

    /** What this part was built from. */
    public ChunkStackConfig config() {
        return config;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.get(0); // (B, C, D)
        ForwardContext context = pass.context();
        if (context.positions() != null || context.cache() != null) {
            throw new IllegalArgumentException(
                    "positions and cache must be null for a chunk of a long input");
        }
        ChunkGrowth growth = growth(context);
        boolean begins = growth != ChunkGrowth.GOES_ON;
        int length = Math.toIntExact(x.getShape().get(1));
        String scope = context.scope();
        NDArray memory = begins ? memory(x, scope, pass) : null; // (B, M, D), or null
        boolean whole = growth == ChunkGrowth.WHOLE;
        boolean writes = whole && memory != null && context.memory() != null;
        boolean behind = writes && writing != null;
        List<NDArray> parts = new ArrayList<>();
        List<NDArray> masks = new ArrayList<>();
        if (memory != null) {
            parts.add(memory);
            masks.add(all(x, memory));
        }
        if (begins && inputs.size() > 1 && globalMark != null) {
            NDArray globals = pass.run(part("globalPositions"), inputs.get(1)); // (B, G, D)
            parts.add(LinearKernel.add(globals, pass.value(globalMark, x)));
            masks.add(inputs.size() > 2 ? inputs.get(2) : all(x, globals));
        }
        int prefix = parts.stream().mapToInt(each -> (int) each.getShape().get(1)).sum();
        parts.add(x);
        masks.add(context.mask() == null ? all(x, x) : context.mask());
        if (behind) {
            parts.add(LinearKernel.add(memory, pass.value(writing, x)));
            masks.add(all(x, memory));
        }
        NDArray joined = ChunkKernel.join(1, parts.toArray(NDArray[]::new)); // (B, T, D)
        joined.attach(x.getManager()); // not where the memory before is
        ChunkLayout layout = new ChunkLayout(prefix, behind ? config.memoryTokens() : 0);
        NDArray y = run(joined, prefix == 0 && !behind ? null : masks, layout, pass);
        if (writes) {
            NDArray written =
                    ChunkKernel.part(y, 1, behind ? prefix + length : 0, config.memoryTokens());
            write(memory, written, scope, pass);
        }
        return list(ChunkKernel.cut(y, 1, prefix, length));
    }

    // Ahead, a window sees tokens that are not written yet.
    private ChunkGrowth growth(ForwardContext context) {
        ChunkGrowth growth = ChunkGrowth.of(context);
        if (growth != ChunkGrowth.WHOLE && config.form() != ChunkStackConfig.Form.DECODER) {
            throw new IllegalArgumentException(
                    "form must be DECODER for a chunk that grows, got form=" + config.form());
        }
        return growth;
    }

    private static NDArray all(NDArray x, NDArray tokens) {
        return ChunkKernel.allTrue(x, x.getShape().get(0), tokens.getShape().get(1));
    }

    private NDArray memory(NDArray x, String scope, Pass pass) {
        if (config.memory() == null) {
            return null;
        }
        ForwardContext context = pass.context();
        context.enter(scope + SCOPE);
        ChunkTokens before = context.state(ChunkTokens.class);
        context.enter(scope);
        return before == null
                ? ChunkKernel.forExamples(x, pass.value(initial, x))
                : before.values();
    }

    private NDArray run(NDArray joined, List<NDArray> masks, ChunkLayout layout, Pass pass) {
        ForwardContext context = pass.context();
        layout.leave(context);
        NDArray mask = context.mask();
        if (masks != null) {
            context.withMask(ChunkKernel.join(1, masks.toArray(NDArray[]::new)));
        }
        try {
            return pass.run(part("stack"), joined);
        } finally {
            context.withMask(mask);
        }
    }

    private void write(NDArray before, NDArray written, String scope, Pass pass) {
        ForwardContext context = pass.context();
        NDArray next = written;
        if (config.memory().gateBias() != null) {
            NDArray logits = pass.run(part("memoryGate"), ChunkKernel.join(2, before, written));
            next = ChunkKernel.gated(before, written, logits);
        }
        NDArray kept = ChunkKernel.last(next, 1, config.memoryTokens(), context.memoryRecorded());
        kept.attach(context.memory());
        context.enter(scope + SCOPE);
        context.putState(new ChunkTokens(kept));
        context.enter(scope);
    }

    /** The chunk's shape. */
    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0]};
    }
}
