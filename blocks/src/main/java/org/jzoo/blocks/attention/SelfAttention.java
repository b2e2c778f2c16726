package org.jzoo.blocks.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.ConstantInitializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jzoo.blocks.cache.KeyValueCache;
import org.jzoo.blocks.kernel.AttentionKernel;
import org.jzoo.blocks.kernel.AttentionKernel.Scores;
import org.jzoo.blocks.kernel.ForgetKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Each position attends to the others: {@code output(softmax(q kᵀ · scale + shift) v)}, fused.
 *
 * <p>Shapes: input and output {@code (B, T, D)}; query {@code (H·Dh, D)}, key and value {@code
 * (K·Dh, D)}, output {@code (D, H·Dh)}. The context's mask (true means attend) restricts it, the
 * stack's score position shifts it; with the context's cache, causal attention keeps its keys and
 * values and the next pass takes only the positions that follow. Asked for the capture "attention",
 * it leaves its weights {@code (B, H, T, S)} there and computes without fusion; asked for
 * "forgetGates", its gates {@code (B, H, T)}; asked for "queries", "keys" or "values", those,
 * {@code (B, T, H·Dh)} and {@code (B, T, K·Dh)}, before positions turn them.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>, section 3.2
 * @see <a href="https://arxiv.org/abs/2410.17897">Zhou et al. 2024, Value Residual Learning</a>
 * @see <a href="https://arxiv.org/abs/2010.04245">Henry et al. 2020, Query-Key Normalization</a>
 */
public final class SelfAttention extends Part {

    /** The capture under which the weights are left. */
    public static final String WEIGHTS = "attention";

    /** The capture under which forget gates are left. */
    public static final String GATES = "forgetGates";

    /** The capture under which queries are left. */
    public static final String QUERIES = "queries";

    /** The capture under which keys are left. */
    public static final String KEYS = "keys";

    /** The capture under which values are left. */
    public static final String VALUES = "values";

    private static final String FIRST_VALUES = "firstValues";

    private final SelfAttentionOption option;
    private final Parameter valueMix;

    SelfAttention(int dim, SelfAttentionOption option) {
        this.option = option;
        int queryWidth = option.numHeads() * option.headSize();
        int keyWidth = option.numKeyHeads() * option.headSize();
        child("query", new Linear(dim, queryWidth, option.bias()));
        child("key", new Linear(dim, keyWidth, option.bias()));
        child("value", new Linear(dim, keyWidth, option.bias()));
        child("output", new Linear(queryWidth, dim, option.outputBias()));
        if (option.queryKeyNorm() != null) {
            child("queryNorm", option.queryKeyNorm().create(option.headSize()));
            child("keyNorm", option.queryKeyNorm().create(option.headSize()));
        }
        if (option.forgetGate() != null) {
            float bias = (float) option.forgetGate().initialBias();
            child("forget", new Linear(dim, option.numHeads(), new ConstantInitializer(bias)));
        }
        valueMix =
                option.valueResidual()
                        ? declare("valueMix", new ConstantInitializer(0.5f), 1)
                        : null;
    }

    /** What this attention was built from. */
    public SelfAttentionOption option() {
        return option;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        AttentionKernel.Projections maps = projections(inputs.singletonOrThrow(), pass);
        if (maps != null) {
            return list(
                    AttentionKernel.attendProjected(
                            inputs.singletonOrThrow(),
                            maps,
                            option.numHeads(),
                            scores(pass.context().mask(), null),
                            option.dropout(),
                            pass.precision()));
        }
        NDArray x = LinearKernel.cast(inputs.singletonOrThrow(), pass.precision()); // (B, T, D)
        NDArray q = pass.run(part("query"), x); // (B, T, H*Dh)
        NDArray k = pass.run(part("key"), x); // (B, T, K*Dh)
        NDArray v = pass.run(part("value"), x); // (B, T, K*Dh)
        pass.context().capture(QUERIES, q);
        pass.context().capture(KEYS, k);
        pass.context().capture(VALUES, v);
        double dropout = pass.training() ? option.dropout() : 0;
        NDArray mixed =
                isPlain(pass.context())
                        ? AttentionKernel.attend(
                                q,
                                k,
                                v,
                                option.numHeads(),
                                option.numKeyHeads(),
                                scores(pass.context().mask(), null),
                                dropout)
                        : attendHeads(x, q, k, v, dropout, pass); // (B, T, H*Dh)
        return list(pass.run(part("output"), mixed));
    }

    // While training the host hardly keeps up with a GPU: all maps and what they enclose are one
    // call, unless something comes between them, where this is null.
    private AttentionKernel.Projections projections(NDArray x, Pass pass) {
        ForwardContext context = pass.context();
        if (!pass.training()
                || !isPlain(context)
                || option.numHeads() != option.numKeyHeads()
                || context.captures(QUERIES)
                || context.captures(KEYS)
                || context.captures(VALUES)) {
            return null;
        }
        List<NDArray> weights = new ArrayList<>();
        List<NDArray> biases = new ArrayList<>();
        for (String name : List.of("query", "key", "value", "output")) {
            if (!(part(name) instanceof Linear map)) {
                return null;
            }
            weights.add(pass.value(map.weight(), x));
            biases.add(pass.value(map.bias(), x));
        }
        NDArray outputBias = biases.remove(3);
        biases.removeIf(Objects::isNull);
        return new AttentionKernel.Projections(
                weights.toArray(NDArray[]::new), biases.toArray(NDArray[]::new), outputBias);
    }

    private boolean isPlain(ForwardContext context) {
        return option.position() == null
                && option.window() == 0
                && option.queryKeyNorm() == null
                && option.forgetGate() == null
                && !option.valueResidual()
                && context.scoreShift() == null
                && (context.cache() == null || !option.causal())
                && !context.captures(WEIGHTS);
    }

    private Scores scores(NDArray mask, NDArray shift) {
        return new Scores(mask, shift, option.causal(), option.scale(), option.window());
    }

    private NDArray attendHeads(
            NDArray x, NDArray q, NDArray k, NDArray v, double dropout, Pass pass) {
        ForwardContext context = pass.context();
        KeyValueCache cache = cache(context);
        NDArray qh = AttentionKernel.splitHeads(q, option.numHeads()); // (B, H, T, Dh)
        NDArray kh = AttentionKernel.splitHeads(k, option.numKeyHeads()); // (B, K, T, Dh)
        NDArray vh = AttentionKernel.splitHeads(v, option.numKeyHeads()); // (B, K, T, Dh)
        if (option.queryKeyNorm() != null) {
            qh = LinearKernel.cast(pass.run(part("queryNorm"), qh), pass.precision());
            kh = LinearKernel.cast(pass.run(part("keyNorm"), kh), pass.precision());
        }
        if (option.position() != null) {
            NDArray positions = positions(qh, cache, context);
            NDArray[] encoded = option.position().encodeBoth(qh, kh, positions);
            qh = encoded[0];
            kh = encoded[1];
        }
        if (option.valueResidual()) {
            vh = mixValues(vh, pass);
        }
        NDArray faded = option.forgetGate() == null ? null : cumulated(x, cache, pass);
        NDArray fadedKeys = faded; // (B, H, T), then (B, H, S)
        if (cache != null) {
            NDArray[] all = faded == null ? cache.append(kh, vh) : cache.append(kh, vh, faded);
            kh = all[0]; // (B, K, S, Dh)
            vh = all[1]; // (B, K, S, Dh)
            fadedKeys = faded == null ? null : all[2];
        }
        NDArray mask = latest(context.mask(), kh, cache);
        return AttentionKernel.mergeHeads(
                attend(qh, kh, vh, new NDArray[] {faded, fadedKeys}, mask, dropout, context));
    }

    private NDArray attend(
            NDArray q,
            NDArray k,
            NDArray v,
            NDArray[] faded,
            NDArray mask,
            double dropout,
            ForwardContext context) {
        NDArray shift = shift(q, k, context);
        boolean shown = context.captures(WEIGHTS);
        if (faded[0] != null && option.causal() && shift == null && !shown) {
            return ForgetKernel.attendCausal(q, k, v, faded[1], scores(mask, null), dropout);
        }
        if (faded[0] != null) {
            NDArray decay = ForgetKernel.decay(faded[0], faded[1], option.causal());
            shift = shift == null ? decay : LinearKernel.add(decay, shift); // (B, H, T, S)
        }
        if (!shown) {
            return AttentionKernel.attendHeads(q, k, v, scores(mask, shift), dropout);
        }
        NDArray[] result = AttentionKernel.attendExplicit(q, k, v, scores(mask, shift), dropout);
        context.capture(WEIGHTS, result[1]);
        return result[0];
    }

    private NDArray shift(NDArray q, NDArray k, ForwardContext context) {
        if (context.scoreShift() == null) {
            return null;
        }
        int queries = Math.toIntExact(q.getShape().get(2));
        int keys = Math.toIntExact(k.getShape().get(2));
        NDArray shift = context.scoreShift().of(q, queries, keys); // (1, H, T, S)
        if (shift.getShape().get(1) != option.numHeads()) {
            throw new IllegalArgumentException(
                    "scorePosition must have the attention's heads, got %d, numHeads=%d"
                            .formatted(shift.getShape().get(1), option.numHeads()));
        }
        return shift;
    }

    // The first layer's values reach every later layer: v + mix (first - v).
    private NDArray mixValues(NDArray v, Pass pass) {
        ForwardContext context = pass.context();
        if (context.checkpoints() != null && pass.training()) {
            throw new IllegalArgumentException(
                    "valueResidual must be false with activation checkpointing, which keeps no"
                            + " values for later layers, got valueResidual=true");
        }
        if (context.shared(FIRST_VALUES) == null) {
            context.share(FIRST_VALUES, v);
        }
        return LinearKernel.mix(v, context.shared(FIRST_VALUES), pass.value(valueMix, v));
    }

    private NDArray cumulated(NDArray x, KeyValueCache cache, Pass pass) {
        NDArray logits = pass.run(part("forget"), x); // (B, T, H)
        if (pass.context().captures(GATES)) {
            pass.context().capture(GATES, ForgetKernel.gates(logits));
        }
        if (cache == null || cache.length() == 0) {
            return ForgetKernel.cumulate(logits, null);
        }
        try (NDArray before = cache.kept(2)) {
            return ForgetKernel.cumulate(logits, before);
        }
    }

    private KeyValueCache cache(ForwardContext context) {
        if (context.cache() == null || !option.causal()) {
            return null;
        }
        if (GradientMode.isOn()) {
            throw new IllegalStateException(
                    "a cache must be used without gradients; switch them off with"
                            + " GradientMode.off()");
        }
        KeyValueCache cache = context.state(KeyValueCache.class);
        if (cache == null) {
            cache = new KeyValueCache(context.cache(), option.window());
            context.putState(cache);
        }
        return cache;
    }

    private static NDArray positions(NDArray q, KeyValueCache cache, ForwardContext context) {
        if (context.positions() != null || cache == null || cache.seen() == 0) {
            return context.positions();
        }
        return AttentionKernel.positions(q, cache.seen(), Math.toIntExact(q.getShape().get(2)));
    }

    // A cache with a window has dropped the oldest keys.
    private static NDArray latest(NDArray mask, NDArray k, KeyValueCache cache) {
        long keys = k.getShape().get(2);
        if (mask == null || mask.getShape().tail() == keys) {
            return mask;
        }
        if (cache == null || mask.getShape().tail() != cache.seen()) {
            throw new IllegalArgumentException(
                    "mask must cover the keys, those of the cache included, got mask=%s, keys=%d"
                            .formatted(mask.getShape(), cache == null ? keys : cache.seen()));
        }
        return AttentionKernel.latest(mask, keys);
    }
}
