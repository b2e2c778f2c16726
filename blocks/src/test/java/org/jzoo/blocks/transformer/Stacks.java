package org.jzoo.blocks.transformer;

import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.position.QueryKeyPosition;
import org.jzoo.blocks.position.RotaryPositionOption;

/** Small stacks for tests: width 12, three layers. */
public final class Stacks {

    /** The width (D). */
    public static final int DIM = 12;

    private Stacks() {}

    /** As BERT: post-norm, LayerNorm, GELU. */
    public static TransformerConfig post(double dropout) {
        return config(
                NormPlacement.POST,
                false,
                null,
                new DenseFeedForwardOption(20, Activation.GELU, true, dropout),
                dropout);
    }

    /** As GPT-2: pre-norm with a final norm, causal. */
    public static TransformerConfig preCausal(double dropout) {
        return config(
                NormPlacement.PRE,
                true,
                null,
                new DenseFeedForwardOption(20, Activation.GELU_TANH, true, dropout),
                dropout);
    }

    /** As Llama: pre-norm RMSNorm, grouped heads, rotary, SwiGLU, no biases, causal. */
    public static TransformerConfig rotary() {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(3, DIM)
                                .optNumKeyHeads(1)
                                .optBias(false, false)
                                .optCausal(true)
                                .optPosition(new RotaryPositionOption(10_000, 4, false))
                                .build(),
                        new GatedFeedForwardOption(20, Activation.SILU, false, 0),
                        new RmsNormOption(1e-6),
                        NormPlacement.PRE,
                        0);
        return TransformerConfig.uniform(DIM, 3, layer, new RmsNormOption(1e-6));
    }

    private static TransformerConfig config(
            NormPlacement placement,
            boolean causal,
            QueryKeyPosition position,
            FeedForwardOption feedForward,
            double dropout) {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(3, DIM)
                                .optCausal(causal)
                                .optPosition(position)
                                .optDropout(dropout)
                                .build(),
                        feedForward,
                        new LayerNormOption(1e-5),
                        placement,
                        dropout);
        return TransformerConfig.uniform(
                DIM, 3, layer, placement == NormPlacement.PRE ? new LayerNormOption(1e-5) : null);
    }
}
