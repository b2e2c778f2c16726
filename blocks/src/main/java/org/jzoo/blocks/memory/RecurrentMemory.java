package org.jzoo.blocks.memory;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.SegmentKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.Transformer;

/**
 * A stack that reads a segment together with memory tokens and writes them for the next segment:
 * what the stack makes of the written tokens are the tokens that the next segment reads.
 *
 * <p>Shapes: input and output {@code (B, T, D)}; the first segment's memory {@code (M, D)} is
 * learned. The stack sees {@code [memory; x]} as an encoder and {@code [memory; x; memory]} as a
 * decoder; positions, where it knows any, count the memory tokens. The memory is handed on when the
 * context has one ({@link ForwardContext#memory()}); its gradient is cut unless the context says
 * otherwise. The context's mask is {@code (B, T)}, true means attend; memory tokens always exist.
 *
 * @see <a href="https://arxiv.org/abs/2207.06881">Bulatov et al. 2022, Recurrent Memory
 *     Transformer</a>, section 3.2
 */
public final class RecurrentMemory extends Part {

    private static final String SCOPE = "recurrentMemory.";

    /** The tokens between two segments, (B, M, D). */
    private record Tokens(NDArray values) {}

    private final RecurrentMemoryConfig config;
    private final Parameter initial;

    /** Builds the memory and its stack. */
    public RecurrentMemory(RecurrentMemoryConfig config) {
        this.config = config;
        initial =
                declare(
                        "initial",
                        new NormalInitializer(0.02f),
                        config.numTokens(),
                        config.stack().dim());
        child("stack", new Transformer(config.stack()));
    }

    /** What this part was built from. */
    public RecurrentMemoryConfig config() {
        return config;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        ForwardContext context = pass.context();
        check(context);
        boolean behind = config.form() == RecurrentMemoryConfig.Form.DECODER;
        int length = Math.toIntExact(x.getShape().get(1));
        int written = behind ? config.numTokens() + length : 0;

        String scope = context.scope();
        context.enter(scope + SCOPE);
        Tokens before = context.state(Tokens.class);
        NDArray tokens = before == null ? pass.value(initial, x) : before.values();
        NDArray y = run(SegmentKernel.surround(x, tokens, behind), behind, pass);
        if (context.memory() != null) {
            NDArray next =
                    SegmentKernel.remember(
                            y, written, config.numTokens(), context.memoryRecorded());
            next.attach(context.memory());
            context.putState(new Tokens(next));
        }
        context.enter(scope);
        return list(SegmentKernel.cut(y, config.numTokens(), length));
    }

    private NDArray run(NDArray joined, boolean behind, Pass pass) {
        ForwardContext context = pass.context();
        NDArray mask = context.mask(); // (B, T)
        if (mask != null) {
            context.withMask(SegmentKernel.surroundMask(mask, config.numTokens(), behind));
        }
        try {
            return pass.run(part("stack"), joined); // (B, M+T, D) or (B, M+T+M, D)
        } finally {
            context.withMask(mask);
        }
    }

    private static void check(ForwardContext context) {
        if (context.mask() != null && context.mask().getShape().dimension() != 2) {
            throw new IllegalArgumentException(
                    "mask must be (B, T) with memory tokens, got mask="
                            + context.mask().getShape());
        }
        if (context.positions() != null || context.cache() != null) {
            throw new IllegalArgumentException(
                    "positions and cache must be null with memory tokens, which stand between"
                            + " segments");
        }
    }
}
