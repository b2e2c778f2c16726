package org.jzoo.zoo.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.packed.AffineWeights;
import org.jzoo.blocks.packed.AttentionWeights;
import org.jzoo.blocks.packed.EmbeddingWeights;
import org.jzoo.blocks.packed.LayerWeights;
import org.jzoo.blocks.packed.PackedEncoder;
import org.jzoo.blocks.packed.PackedMode;
import org.jzoo.blocks.packed.WordScales;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.quantization.PackedEmbedding;
import org.jzoo.blocks.quantization.PackedLinear;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;

/**
 * Turns a trained text encoder into a {@link PackedEncoder}: BERT, RoBERTa, DistilBERT and what
 * else is built as {@link PostNormEncoder} builds it, with the exact GELU; pruned or not, with
 * weights of few bits or not. Adapters must be merged first.
 */
public final class EncoderPacking {

    private final EncoderConfig config;
    private final Map<String, Parameter> parameters;
    private final Map<String, PackedLinear> maps;
    private final Map<String, PackedEmbedding> tables;
    private final NDManager widened;

    private EncoderPacking(TextEncoder encoder, NDManager widened) {
        config = encoder.config();
        parameters = ParameterPaths.of(encoder);
        maps = PackedMaps.of(encoder);
        tables = PackedMaps.embeddings(encoder);
        this.widened = widened;
    }

    /**
     * Whether encoders of this configuration can be packed. Layers may have lost heads and
     * feed-forward channels, each its own number.
     */
    public static boolean supports(EncoderConfig config) {
        return config.embeddingNorm() instanceof LayerNormOption norm
                && config.position() instanceof LearnedPositionOption
                && config.equals(packable(config, norm));
    }

    // The one configuration with these sizes that can be packed: whatever choices blocks learn to
    // offer, they are unsupported until somebody adds them here.
    private static EncoderConfig packable(EncoderConfig config, LayerNormOption norm) {
        List<LayerConfig> layers = new ArrayList<>();
        int headSize = 0;
        for (LayerConfig layer : config.stack().layers()) {
            if (!(layer.mixer() instanceof SelfAttentionOption attention)
                    || !(layer.feedForward() instanceof DenseFeedForwardOption dense)
                    || config.dim() % attention.headSize() != 0
                    || (headSize != 0 && headSize != attention.headSize())) {
                return null;
            }
            headSize = attention.headSize();
            layers.add(
                    new LayerConfig(
                            SelfAttentionOption.builder()
                                    .setHeads(config.dim() / headSize, config.dim())
                                    .optDropout(attention.dropout())
                                    .build()
                                    .withHeads(attention.numHeads(), attention.numHeads()),
                            new DenseFeedForwardOption(dense.width(), Activation.GELU, true, 0),
                            norm,
                            NormPlacement.POST,
                            config.dropout()));
        }
        return new EncoderConfig(
                config.vocabularySize(),
                config.maxLength(),
                config.numTypes(),
                config.padding(),
                config.positionsPastPadding(),
                config.position(),
                norm,
                config.dropout(),
                new TransformerConfig(config.dim(), layers, null, null),
                config.tokenRank());
    }

    /**
     * Packs a copy of the encoder's weights; the caller closes it. Maps of few bits compute with
     * the weights that their codes stand for. An encoder whose positions skip padding expects
     * padding on the right only.
     *
     * @param encoder with weights, on CPU
     * @param mode numbers to multiply with
     * @throws IllegalArgumentException if the encoder is not {@link #supports supported}, or has
     *     adapters
     */
    public static PackedEncoder pack(TextEncoder encoder, PackedMode mode) {
        if (!supports(encoder.config())) {
            throw new IllegalArgumentException(
                    "encoder must have learned positions, layer norms after each branch and GELU,"
                            + " got "
                            + encoder.config());
        }
        try (GradientMode off = GradientMode.off();
                NDManager widened = PyTorch.newBaseManager()) {
            return new EncoderPacking(encoder, widened).pack(mode);
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
        PackedEmbedding table = tables.get("tokens");
        try {
            return new PackedEncoder(
                    new EmbeddingWeights(
                            tokens(table),
                            used,
                            config.numTypes() > 0 ? array("types.weight") : null,
                            affine("embeddingNorm"),
                            table == null || config.tokenRank() != null ? null : scales(table)),
                    layers,
                    config.dim() / attention.headSize(),
                    epsilon,
                    mode);
        } finally {
            if (used != positions) {
                used.close();
            }
        }
    }

    // A narrow table is widened once: looking up is then one read a token.
    private NDArray tokens(PackedEmbedding table) {
        if (config.tokenRank() == null) {
            return array(table == null ? "tokens.weight" : "tokens.codes");
        }
        NDArray narrow = table == null ? array("tokens.weight") : table.weight(); // (V, R)
        if (table != null) {
            narrow.attach(widened);
        }
        AffineWeights map = affine("tokenMap");
        NDArray wide = LinearKernel.linear(narrow, map.weight(), map.bias(), Precision.FLOAT32);
        wide.attach(widened);
        return wide; // (V, D)
    }

    private static WordScales scales(PackedEmbedding table) {
        List<Parameter> arrays = table.tables();
        return new WordScales(
                arrays.get(1).getArray(), arrays.size() > 2 ? arrays.get(2).getArray() : null);
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
        PackedLinear map = maps.get(path);
        if (map == null) {
            return new AffineWeights(array(path + ".weight"), array(path + ".bias"));
        }
        NDArray weight = map.weight();
        weight.attach(widened);
        return new AffineWeights(weight, array(path + ".bias"));
    }

    private NDArray array(String path) {
        Parameter parameter = parameters.get(path);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "encoder must have the parameter " + path + "; merge adapters before packing");
        }
        return parameter.getArray();
    }
}
