package org.jzoo.blocks.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.blocks.cache.KeyValueCache;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.position.AlibiPositionOption;
import org.jzoo.blocks.position.RelativePositionOption;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

/** A cache must not change what a stack computes. */
class DecodingTest {

    private static final int DIM = 12;
    private static final int LENGTH = 150;

    private record Case(String name, TransformerConfig config, boolean masked) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static SelfAttentionOption.Builder attention() {
        return SelfAttentionOption.builder()
                .setHeads(6, DIM)
                .optHeadSize(4)
                .optNumKeyHeads(2)
                .optCausal(true);
    }

    private static TransformerConfig stack(SelfAttentionOption.Builder attention) {
        LayerConfig layer =
                new LayerConfig(
                        attention.build(),
                        new GatedFeedForwardOption(20, Activation.SILU, false, 0),
                        new RmsNormOption(1e-6),
                        NormPlacement.PRE,
                        0);
        return TransformerConfig.uniform(DIM, 2, layer, new RmsNormOption(1e-6));
    }

    static Stream<Case> cases() {
        RotaryPositionOption rotary = new RotaryPositionOption(100, 4, false);
        return Stream.of(
                new Case("plain", stack(attention()), false),
                new Case("rotary", stack(attention().optPosition(rotary)), false),
                new Case("padded", stack(attention().optPosition(rotary)), true),
                new Case("window", stack(attention().optPosition(rotary).optWindow(7)), false),
                new Case("padded window", stack(attention().optWindow(7)), true),
                new Case(
                        "query-key norm",
                        stack(attention().optQueryKeyNorm(new RmsNormOption(1e-6))),
                        false),
                new Case("value residual", stack(attention().optValueResidual(true)), false),
                new Case("forgetting", stack(attention().optForgetGate(new ForgetGate(2))), false),
                new Case(
                        "forgetting with everything",
                        stack(
                                attention()
                                        .optPosition(rotary)
                                        .optQueryKeyNorm(new RmsNormOption(1e-6))
                                        .optValueResidual(true)
                                        .optForgetGate(new ForgetGate(2))),
                        true),
                new Case(
                        "alibi",
                        stack(attention()).withScorePosition(new AlibiPositionOption(6)),
                        false),
                new Case(
                        "relative",
                        stack(attention())
                                .withScorePosition(new RelativePositionOption(6, 8, 20, false)),
                        true));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void piecesWithACacheEqualTheWhole(Case decoding) {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            Transformer stack = Run.initialized(new Transformer(decoding.config()), manager, 3);
            NDArray x = Run.random(manager, 4, 2, LENGTH, DIM);
            NDArray mask = decoding.masked() ? leftPadding(manager) : null;
            NDArray whole = Run.infer(stack, x, new ForwardContext().withMask(mask));
            Map<String, Object> states = Map.of();
            NDList pieces = new NDList();
            int from = 0;
            // A prompt, single tokens, a longer piece that makes the buffers grow, single tokens.
            for (int to : new int[] {5, 6, 7, 8, 30, 31, 100, 101, 149, 150}) {
                ForwardContext context =
                        new ForwardContext()
                                .withCache(manager)
                                .withStates(states)
                                .withMask(mask == null ? null : mask.get(":, :" + to));
                pieces.add(Run.infer(stack, x.get(":, %d:%d".formatted(from, to)), context));
                states = context.states();
                from = to;
            }
            NDArray joined = NDArrays.concat(pieces, 1);
            if (mask == null) {
                assertClose(whole, joined, 1e-5);
            } else {
                assertClose(whole.get(0), joined.get(0), 1e-5);
                assertClose(whole.get("1, 3:"), joined.get("1, 3:"), 1e-5);
            }
        }
    }

    private static NDArray leftPadding(NDManager manager) {
        boolean[] real = new boolean[2 * LENGTH];
        for (int i = 0; i < real.length; i++) {
            real[i] = i < LENGTH || i >= LENGTH + 3;
        }
        return manager.create(real).reshape(2, LENGTH);
    }

    @Test
    void aWindowKeepsTheCacheSmall() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            KeyValueCache cache = new KeyValueCache(manager, 7);
            for (int i = 0; i < 1000; i++) {
                NDArray[] kept = cache.append(Run.random(manager, i, 1, 2, 1, 3));
                assertTrue(kept[0].getShape().get(2) <= 66, "too many positions are kept");
            }
            assertEquals(1000, cache.seen());
            assertClose(Run.random(manager, 999, 1, 2, 1, 3), cache.kept(0).get(":, :, -1:"), 0);
        }
    }

    @Test
    void errorsSayWhatToDo() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            Transformer stack = Run.initialized(new Transformer(stack(attention())), manager, 3);
            NDArray x = Run.random(manager, 4, 2, 5, DIM);
            ForwardContext first = new ForwardContext().withCache(manager);
            assertEquals(
                    "a cache must be used without gradients; switch them off with"
                            + " GradientMode.off()",
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> Run.forward(stack, x, true, first))
                            .getMessage());
            Run.infer(stack, x, first);
            ForwardContext second =
                    new ForwardContext().withCache(manager).withStates(first.states());
            assertEquals(
                    "parts and batch must be those of the first pass, got parts=2, batch=1, first"
                            + " parts=2, batch=2; start a new cache for other inputs",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> Run.infer(stack, x.get("0:1"), second))
                            .getMessage());
            NDArray mask = Run.randomMask(manager, 1, 0.5, 2, 6);
            ForwardContext third =
                    new ForwardContext()
                            .withCache(manager)
                            .withStates(first.states())
                            .withMask(mask);
            assertEquals(
                    "mask must cover the keys, those of the cache included, got mask=(2, 6),"
                            + " keys=10",
                    assertThrows(IllegalArgumentException.class, () -> Run.infer(stack, x, third))
                            .getMessage());
        }
    }
}
