package org.jzoo.examples.deep;

import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.StackStart;
import org.jzoo.blocks.transformer.TransformerConfig;

/** A way to build and to start a deep stack. */
public enum DeepVariant {
    /** Norms before branches, whose ends start small. */
    PRE("pre-norm", NormPlacement.PRE, StackStart.GPT2, false),
    /** Norms after branches, the full rate at once. */
    POST("post-norm, no warm-up", NormPlacement.POST, StackStart.FAN_IN, false),
    /** Norms after branches, whose ends start small, the full rate at once. */
    POST_SMALL_ENDS(
            "post-norm, small ends, no warm-up", NormPlacement.POST, StackStart.GPT2, false),
    /** Norms after branches, the rate rising over half of the steps. */
    POST_WARMUP("post-norm, warm-up", NormPlacement.POST, StackStart.FAN_IN, true),
    /** DeepNorm and its start, the full rate at once. */
    DEEP("DeepNorm, no warm-up", NormPlacement.DEEP, StackStart.DEEP_NORM, false);

    private final String label;
    private final NormPlacement placement;
    private final StackStart start;
    private final boolean warmup;

    DeepVariant(String label, NormPlacement placement, StackStart start, boolean warmup) {
        this.label = label;
        this.placement = placement;
        this.start = start;
        this.warmup = warmup;
    }

    /** The name in tables. */
    public String label() {
        return label;
    }

    /** How weights start. */
    StackStart start() {
        return start;
    }

    /** The share of steps over which the rate rises. */
    double warmupShare() {
        return warmup ? 0.5 : 0;
    }

    /** The layers. */
    TransformerConfig stack(DeepConfig config) {
        boolean finalNorm = placement == NormPlacement.PRE;
        return TransformerConfig.uniform(
                config.dim(),
                config.numLayers(),
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(2, config.dim())
                                .optCausal(true)
                                .build(),
                        new DenseFeedForwardOption(2 * config.dim(), Activation.GELU, true, 0),
                        new LayerNormOption(1e-5),
                        placement,
                        0),
                finalNorm ? new LayerNormOption(1e-5) : null);
    }
}
