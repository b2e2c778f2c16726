package org.jzoo.zoo.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.packed.AffineWeights;
import org.jzoo.blocks.packed.AttentionWeights;
import org.jzoo.blocks.packed.EmbeddingWeights;
import org.jzoo.blocks.packed.LayerWeights;
import org.jzoo.blocks.packed.PackedEncoder;
import org.jzoo.blocks.packed.PackedMode;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;

/**
 * Turns a trained text encoder into a {@link PackedEncoder}: BERT, RoBERTa, DistilBERT and what
 * else is built as {@link PostNormEncoder} builds it, with the exact GELU. Adapters must be merged
 * first.
 */
public final class EncoderPacking {

    private final EncoderConfig config;
    private final Map<String, Parameter> parameters;

    private EncoderPacking(TextEncoder encoder) {
        config = encoder.config();
        parameters = ParameterPaths.of(encoder);
    }

    /** Whether encoders of this configuration can be packed. */
    public static boolean supports(EncoderConfig config) {
        if (!(config.embeddingNorm() instanceof LayerNormOption)
                || !(config.position() instanceof LearnedPositionOption)
                || config.stack().finalNorm() != null) {
            return false;
        }
        LayerConfig first = config.stack().layers().get(0);
        return config.stack().layers().stream()
                .allMatch(layer -> supports(layer, config) && sameHeads(layer, first));
    }

    /**
     * Packs a copy of the encoder's weights; the caller closes it. An encoder whose positions skip
     * padding expects padding on the right only.
     *
     * @param encoder with weights, on CPU
     * @param mode numbers to multiply with
     * @throws IllegalArgumentException if the encoder is not {@link #supports supported}
     */
    public static PackedEncoder pack(TextEncoder encoder, PackedMode mode) {
        if (!supports(encoder.config())) {
            throw new IllegalArgumentException(
                    "encoder must have learned positions, layer norms after each branch and GELU,"
                            + " got "
                            + encoder.config());
        }
        try (GradientMode off = GradientMode.off()) {
            return new EncoderPacking(encoder).pack(mode);
        }
    }

    private PackedEncoder pack(PackedMode mode) {
        List<LayerWeights> layers = new ArrayList<>();
        for (int l = 0; l < config.stack().numLayers(); l++) {
            layers.add(layer("transformer.layers." + l + "."));
        }
        SelfAttentionOption attention =
                (SelfAttentionOption) config.stack().layers().get(0).mixer();
        double epsilon = ((LayerNormOption) config.embeddingNorm()).epsilon();
        NDArray positions = array("positions.weight");
        NDArray used =
                config.positionsPastPadding()
                        ? positions.get((config.padding() + 1) + ":")
                        : positions;
        try {
            return new PackedEncoder(
                    new EmbeddingWeights(
                            array("tokens.weight"),
                            used,
                            config.numTypes() > 0 ? array("types.weight") : null,
                            affine("embeddingNorm")),
                    layers,
                    attention.numHeads(),
                    epsilon,
                    mode);
        } finally {
            if (used != positions) {
                used.close();
            }
        }
    }

    private LayerWeights layer(String path) {
        return new LayerWeights(
                new AttentionWeights(
                        affine(path + "mixer.query"),
                        affine(path + "mixer.key"),
                        affine(path + "mixer.value"),
                        affine(path + "mixer.output")),
                affine(path + "mixerNorm"),
                affine(path + "feedForward.up"),
                affine(path + "feedForward.down"),
                affine(path + "feedForwardNorm"));
    }

    private AffineWeights affine(String path) {
        return new AffineWeights(array(path + ".weight"), array(path + ".bias"));
    }

    private NDArray array(String path) {
        Parameter parameter = parameters.get(path);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "encoder must have the parameter " + path + "; merge adapters before packing");
        }
        return parameter.getArray();
    }

    private static boolean supports(LayerConfig layer, EncoderConfig config) {
        return layer.placement() == NormPlacement.POST
                && layer.norm().equals(config.embeddingNorm())
                && layer.mixer() instanceof SelfAttentionOption attention
                && attention.numKeyHeads() == attention.numHeads()
                && attention.numHeads() * attention.headSize() == config.dim()
                && attention.bias()
                && attention.outputBias()
                && !attention.causal()
                && attention.position() == null
                && layer.feedForward() instanceof DenseFeedForwardOption dense
                && dense.activation() == Activation.GELU
                && dense.bias();
    }

    private static boolean sameHeads(LayerConfig a, LayerConfig b) {
        return ((SelfAttentionOption) a.mixer()).numHeads()
                == ((SelfAttentionOption) b.mixer()).numHeads();
    }
}
