package org.jzoo.zoo.j1;

import java.util.List;
import org.jzoo.blocks.attention.CrossAttentionOption;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.embedding.ConvolutionStemOption;
import org.jzoo.blocks.embedding.ImageStemOption;
import org.jzoo.blocks.embedding.PatchOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.feedforward.experts.ExpertsOption;
import org.jzoo.blocks.feedforward.experts.RouterLoss;
import org.jzoo.blocks.feedforward.experts.TopKRouterOption;
import org.jzoo.blocks.fusion.FusionOption;
import org.jzoo.blocks.fusion.GateOption;
import org.jzoo.blocks.fusion.JointFusionOption;
import org.jzoo.blocks.fusion.PooledFusionOption;
import org.jzoo.blocks.fusion.TwoWayFusionOption;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.position.SinusoidalGridPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.encoder.EncoderConfig;

/**
 * How large a J1 is: one width, pre-norm layers with GELU, learned positions of words, sinusoids of
 * rows and columns.
 *
 * @param dim width of both encoders and of the fusion (D)
 * @param numHeads heads of every attention, a divisor of {@code dim}
 * @param feedForward features inside feed-forwards (F)
 * @param textLayers layers of the text encoder, at least 1
 * @param imageLayers layers of the image encoder, at least 1
 * @param fusionLayers layers of the fusion, at least 1
 * @param stem what makes tokens of an image
 * @param imageSize side of the images in pixels
 * @param merge side of the squares of image tokens that become one before the fusion
 * @param dropout everywhere but in attention weights, in [0, 1)
 */
public record J1Size(
        int dim,
        int numHeads,
        int feedForward,
        int textLayers,
        int imageLayers,
        int fusionLayers,
        ImageStemOption stem,
        int imageSize,
        int merge,
        double dropout) {

    /** For drawings of 75 × 75 pixels; 5 million weights. */
    public static final J1Size TINY =
            new J1Size(
                    256,
                    8,
                    512,
                    2,
                    2,
                    5,
                    new ConvolutionStemOption(3, List.of(32, 64, 128), 8),
                    75,
                    2,
                    0);

    /** For pictures of 96 × 96 pixels; 22 million weights and the vocabulary's. */
    public static final J1Size SMALL =
            new J1Size(
                    384,
                    8,
                    1536,
                    4,
                    4,
                    4,
                    new ConvolutionStemOption(3, List.of(48, 96, 192), 8),
                    96,
                    2,
                    0.1);

    /** For photographs; 131 million weights and the vocabulary's. */
    public static final J1Size BASE =
            new J1Size(768, 12, 3072, 6, 6, 6, new PatchOption(3, 16, true), 224, 1, 0.1);

    /** 1.2 billion weights and the vocabulary's, for figures of speed and memory. */
    public static final J1Size XL =
            new J1Size(2048, 16, 8192, 6, 8, 10, new PatchOption(3, 16, true), 224, 1, 0.1);

    private static final LayerNormOption NORM = new LayerNormOption(1e-5);

    /** The size of that name: tiny, small, base or xl. */
    public static J1Size named(String name) {
        return switch (name) {
            case "tiny" -> TINY;
            case "small" -> SMALL;
            case "base" -> BASE;
            case "xl" -> XL;
            default ->
                    throw new IllegalArgumentException(
                            "size must be one of tiny, small, base, xl, got size=" + name);
        };
    }

    /** This size with other numbers of layers. */
    public J1Size withLayers(int text, int image, int fusion) {
        return new J1Size(
                dim, numHeads, feedForward, text, image, fusion, stem, imageSize, merge, dropout);
    }

    /** This size for images of another side. */
    public J1Size withImageSize(int size) {
        return new J1Size(
                dim,
                numHeads,
                feedForward,
                textLayers,
                imageLayers,
                fusionLayers,
                stem,
                size,
                merge,
                dropout);
    }

    /** This size with other squares of tokens joined. */
    public J1Size withMerge(int side) {
        return new J1Size(
                dim,
                numHeads,
                feedForward,
                textLayers,
                imageLayers,
                fusionLayers,
                stem,
                imageSize,
                side,
                dropout);
    }

    /** This size with another dropout. */
    public J1Size withDropout(double share) {
        return new J1Size(
                dim,
                numHeads,
                feedForward,
                textLayers,
                imageLayers,
                fusionLayers,
                stem,
                imageSize,
                merge,
                share);
    }

    /**
     * A model of this size with joint attention, a gate an example and modality dropout of a tenth.
     *
     * @param vocabularySize rows of the token table
     * @param maxLength tokens of the longest text
     * @param padding the token that fills up shorter texts
     */
    public J1Config config(int vocabularySize, int maxLength, int padding) {
        return new J1Config(
                dim,
                text(vocabularySize, maxLength, padding),
                image(),
                joint(),
                new GateOption(false, 0.01),
                0.1);
    }

    private EncoderConfig text(int vocabularySize, int maxLength, int padding) {
        return new EncoderConfig(
                vocabularySize,
                maxLength,
                0,
                padding,
                false,
                new LearnedPositionOption(maxLength),
                null,
                dropout,
                stack(textLayers),
                null);
    }

    private J1Image image() {
        return new J1Image(
                stem,
                imageSize,
                new SinusoidalGridPositionOption(),
                dropout,
                stack(imageLayers),
                merge);
    }

    /** Joint attention over both streams, the image's modulated by the text. */
    public FusionOption joint() {
        return new JointFusionOption(stack(fusionLayers), true);
    }

    /** Cross-attention both ways, about as many weights a layer as 2.3 layers of the joint form. */
    public FusionOption twoWay() {
        return new TwoWayFusionOption(
                fusionLayers, CrossAttentionOption.of(numHeads, dim), false, layer(), NORM);
    }

    /** No attention between the streams, about as many weights as the joint form. */
    public FusionOption pooled() {
        long joint = (4L * dim * dim + 2L * dim * feedForward) * fusionLayers;
        return new PooledFusionOption(Math.toIntExact(joint / (3L * dim)), Activation.GELU);
    }

    /** A gated feed-forward with about as many weights as this size's dense one. */
    public FeedForwardOption gatedFeedForward() {
        return new GatedFeedForwardOption(
                Math.max(1, 2 * feedForward / 3), Activation.SILU, false, 0);
    }

    /**
     * Experts, of which each token gets two, each half as wide as this size's feed-forward: a token
     * costs about as much, with {@code numExperts / 2} times the weights.
     *
     * @param numExperts at least 2
     * @throws IllegalArgumentException if there are fewer
     */
    public FeedForwardOption experts(int numExperts) {
        return ExpertsOption.builder()
                .setNumExperts(numExperts)
                .setExpert(
                        new DenseFeedForwardOption(
                                Math.max(1, feedForward / 2), Activation.GELU, true, 0))
                .setRouter(TopKRouterOption.mixtral(2))
                .optLoss(new RouterLoss(0.01, 0, RouterLoss.Scope.LAYER))
                .build();
    }

    /**
     * A text decoder of this size's width, with as many layers as the fusion and learned positions.
     *
     * @param vocabularySize rows of the token table
     * @param textLength tokens of the longest text; the image's come on top
     */
    public DecoderConfig decoder(int vocabularySize, int textLength) {
        int maxLength = image().merged().size() + textLength;
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(numHeads, dim)
                                .optCausal(true)
                                .build(),
                        new DenseFeedForwardOption(feedForward, Activation.GELU, true, 0),
                        NORM,
                        NormPlacement.PRE,
                        dropout);
        return DecoderConfig.builder()
                .setVocabularySize(vocabularySize)
                .setMaxLength(maxLength)
                .setStack(TransformerConfig.uniform(dim, fusionLayers, layer, NORM))
                .optPosition(new LearnedPositionOption(maxLength))
                .optDropout(dropout)
                .build();
    }

    private TransformerConfig stack(int numLayers) {
        return TransformerConfig.uniform(dim, numLayers, layer(), NORM);
    }

    private LayerConfig layer() {
        return new LayerConfig(
                SelfAttentionOption.builder().setHeads(numHeads, dim).build(),
                new DenseFeedForwardOption(feedForward, Activation.GELU, true, 0),
                NORM,
                NormPlacement.PRE,
                dropout);
    }
}
