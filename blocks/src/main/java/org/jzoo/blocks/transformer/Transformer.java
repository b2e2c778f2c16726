package org.jzoo.blocks.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jzoo.blocks.kernel.AttentionKernel;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.part.Checkpoints;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.LayerSpan;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.part.ScoreShift;

/**
 * A stack of layers: every model's body.
 *
 * <p>Shapes: input and output {@code (B, T, D)}. Asked for the capture "hidden", it leaves the
 * input as "layers.0.hidden" and the output of layer l as "layers.{l+1}.hidden". What a layer
 * computes on the way is freed as soon as the layer is done, unless the backward pass needs it. The
 * context may say that only some layers run ({@link LayerSpan}).
 */
public final class Transformer extends Part {

    /** The capture under which layer inputs and outputs are left. */
    public static final String HIDDEN = "hidden";

    private final TransformerConfig config;
    private final Layers layers;
    private final Block scorePosition;

    /** Builds the stack. */
    public Transformer(TransformerConfig config) {
        this.config = config;
        layers = child("layers", new Layers(config));
        if (config.finalNorm() != null) {
            child("finalNorm", config.finalNorm().create(config.dim()));
        }
        scorePosition =
                config.scorePosition() == null
                        ? null
                        : child("scorePosition", config.scorePosition().create());
    }

    /** What this stack was built from. */
    public TransformerConfig config() {
        return config;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        ForwardContext context = pass.context();
        LayerSpan span = context.span();
        boolean cut = span != null && span.end() < config.numLayers();
        if (span != null) {
            check(span);
        }
        NDArray x = span == null || span.first() == 0 ? inputs.singletonOrThrow() : span.states();
        ScoreShift shift = context.shiftScores(shift(x, pass));
        Map<String, NDArray> shared = context.endSharing();
        try {
            x = pass.run(layers, x); // (B, T, D)
            if (cut && !context.endSharing().isEmpty()) {
                throw new IllegalArgumentException(
                        "span must be null in a stack whose layers share arrays, got " + span);
            }
        } finally {
            context.sharing(shared);
            context.shiftScores(shift);
        }
        return list(config.finalNorm() == null || cut ? x : pass.run(part("finalNorm"), x));
    }

    private void check(LayerSpan span) {
        if (span.first() >= config.numLayers()) {
            throw new IllegalArgumentException(
                    "first must be < numLayers, got first=%d, numLayers=%d"
                            .formatted(span.first(), config.numLayers()));
        }
    }

    // Layers of equal lengths get the same array, except where each must have its own gradient's
    // path.
    private ScoreShift shift(NDArray x, Pass pass) {
        if (scorePosition == null) {
            return null;
        }
        NDManager home = x.getManager();
        boolean kept = pass.context().checkpoints() == null;
        Map<List<Integer>, NDArray> known = new HashMap<>();
        return (like, queries, keys) -> {
            NDArray shift = known.get(List.of(queries, keys));
            if (shift == null) {
                shift = pass.run(scorePosition, AttentionKernel.relative(like, queries, keys));
                if (kept) {
                    shift.attach(home);
                    known.put(List.of(queries, keys), shift);
                }
            }
            return shift;
        };
    }

    /** The layers by number, so that paths read "layers.0". */
    private static final class Layers extends Part {

        Layers(TransformerConfig config) {
            for (int l = 0; l < config.numLayers(); l++) {
                child(
                        Integer.toString(l),
                        new TransformerLayer(
                                config.dim(), config.numLayers(), config.layers().get(l)));
            }
        }

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            ForwardContext context = pass.context();
            NDArray x = inputs.singletonOrThrow(); // (B, T, D)
            String before = context.scope();
            LayerSpan span = context.span();
            List<Block> all = List.copyOf(parts().values());
            int first = span == null ? 0 : span.first();
            int end = span == null ? all.size() : Math.min(span.end(), all.size());
            NDManager keeper = context.keepIn(x.getManager());
            try {
                keep(context, before, first, x);
                for (int l = first; l < end; l++) {
                    x = run(all.get(l), x, before + "layers." + l + ".", pass);
                    keep(context, before, l + 1, x);
                }
                return list(x);
            } finally {
                context.keepIn(keeper);
            }
        }

        private static NDArray run(Block layer, NDArray x, String scope, Pass pass) {
            Checkpoints checkpoints = pass.context().checkpoints();
            return checkpoints == null || !pass.training()
                    ? runNow(layer, x, scope, pass)
                    : checkpoints.run(
                            x, asNow(pass.context(), input -> runNow(layer, input, scope, pass)));
        }

        // When a layer runs again for its gradient, the context is no longer as it is now: the
        // scores' shift is this stack's, and models of several stacks change the rest between them.
        private static UnaryOperator<NDArray> asNow(
                ForwardContext context, UnaryOperator<NDArray> body) {
            NDArray mask = context.mask();
            NDArray positions = context.positions();
            Grid grid = context.grid();
            ScoreShift shift = context.scoreShift();
            return input -> {
                NDArray laterMask = context.mask();
                NDArray laterPositions = context.positions();
                Grid laterGrid = context.grid();
                ScoreShift laterShift = context.shiftScores(shift);
                context.withMask(mask).withPositions(positions).withGrid(grid);
                try {
                    return body.apply(input);
                } finally {
                    context.withMask(laterMask).withPositions(laterPositions).withGrid(laterGrid);
                    context.shiftScores(laterShift);
                }
            };
        }

        private static void keep(ForwardContext context, String scope, int index, NDArray x) {
            String before = context.enter(scope + "layers." + index + ".");
            context.capture(HIDDEN, x);
            context.enter(before);
        }

        private static NDArray runNow(Block layer, NDArray x, String scope, Pass pass) {
            NDManager home = x.getManager();
            String before = pass.context().enter(scope);
            // Intermediate results attach to their first input's manager.
            try (NDManager working = home.newSubManager()) {
                x.attach(working);
                try {
                    NDArray y = pass.run(layer, x);
                    y.attach(home);
                    return y;
                } finally {
                    x.attach(home); // before the manager closes, whatever happened
                }
            } finally {
                pass.context().enter(before);
            }
        }
    }
}
