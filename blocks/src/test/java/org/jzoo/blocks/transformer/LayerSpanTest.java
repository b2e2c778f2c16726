package org.jzoo.blocks.transformer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.LayerSpan;

class LayerSpanTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    static List<TransformerConfig> configs() {
        return List.of(Stacks.post(0), Stacks.preCausal(0), Stacks.rotary());
    }

    private NDArray input(long seed) {
        return Run.random(manager, seed, 2, 5, Stacks.DIM);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void lowerLayersAndThenUpperLayersEqualAllLayers(TransformerConfig config) {
        Transformer stack = Run.initialized(new Transformer(config), manager, 4);
        NDArray x = input(5);
        NDArray all = Run.infer(stack, x, new ForwardContext());
        for (int cut = 1; cut < 3; cut++) {
            ForwardContext lower =
                    new ForwardContext()
                            .withCapture(Transformer.HIDDEN)
                            .withSpan(LayerSpan.below(cut));
            NDArray below = Run.infer(stack, x, lower);
            NDArray states = lower.captured().get("layers." + cut + ".hidden");
            assertSame(states, below);
            ForwardContext upper = new ForwardContext().withSpan(LayerSpan.from(cut, states));
            assertSame(all, Run.infer(stack, x.zerosLike(), upper));
        }
    }

    @Test
    void layersThatShareArraysCannotBeParted() {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(3, Stacks.DIM)
                                .optValueResidual(true)
                                .build(),
                        new DenseFeedForwardOption(20, Activation.GELU, true, 0),
                        new LayerNormOption(1e-5),
                        NormPlacement.POST,
                        0);
        Transformer stack =
                Run.initialized(
                        new Transformer(TransformerConfig.uniform(Stacks.DIM, 3, layer, null)),
                        manager,
                        4);
        assertTrue(
                message(() -> infer(stack, LayerSpan.below(1)))
                        .startsWith(
                                "span must be null in a stack whose layers share arrays, got "));
    }

    @Test
    void spansMustLieInTheStack() {
        Transformer stack = Run.initialized(new Transformer(Stacks.post(0)), manager, 4);
        assertEquals(
                "first must be < numLayers, got first=3, numLayers=3",
                message(() -> infer(stack, LayerSpan.from(3, input(6)))));
        assertEquals(
                "first must be >= 0 and end must be > first, got first=0, end=0",
                message(() -> LayerSpan.below(0)));
        assertEquals(
                "states must be null exactly if first is 0, got first=1, states=null",
                message(() -> LayerSpan.from(1, null)));
    }

    @Test
    void cutRowsAreCopiesAndPaddedRowsEndInZeros() {
        NDArray x = input(7);
        NDArray[] rows = EmbeddingKernel.cutRows(x, new long[] {2, 5});
        assertSame(x.get("0, :2"), rows[0]);
        assertSame(x.get(1), rows[1]);
        NDArray padded = EmbeddingKernel.padRows(rows, 6); // (2, 6, D)
        assertSame(x.get("0, :2"), padded.get("0, :2"));
        assertSame(x.get(1), padded.get("1, :5"));
        assertEquals(0, padded.get("0, 2:").abs().sum().getFloat());
        assertEquals(0, padded.get("1, 5:").abs().sum().getFloat());
    }

    private NDArray infer(Transformer stack, LayerSpan span) {
        return Run.infer(stack, input(5), new ForwardContext().withSpan(span));
    }

    private static String message(Runnable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
    }
}
