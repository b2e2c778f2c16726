package org.jzoo.zoo.encoder;

import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.position.EmbeddingPosition;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;

/**
 * The numbers in which the post-norm encoders of BERT's kind differ.
 *
 * @param vocabularySize rows of the token table (V)
 * @param dim width (D)
 * @param numLayers layers (L)
 * @param numHeads attention heads (H)
 * @param feedForwardWidth inner features (F)
 * @param activation of the feed-forward
 * @param dropout of embeddings and branches
 * @param attentionDropout of attention weights
 * @param normEpsilon of all norms
 */
public record PostNormEncoder(
        int vocabularySize,
        int dim,
        int numLayers,
        int numHeads,
        int feedForwardWidth,
        Activation activation,
        double dropout,
        double attentionDropout,
        double normEpsilon) {

    /**
     * Builds the configuration.
     *
     * @param position what is added to embeddings
     * @param maxLength tokens of the longest input
     * @param numTypes rows of the token type table; 0 for none
     * @param padding the padding token
     * @param positionsPastPadding whether positions count from {@code padding + 1}
     */
    public EncoderConfig config(
            EmbeddingPosition position,
            int maxLength,
            int numTypes,
            int padding,
            boolean positionsPastPadding) {
        LayerNormOption norm = new LayerNormOption(normEpsilon);
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(numHeads, dim)
                                .optDropout(attentionDropout)
                                .build(),
                        new DenseFeedForwardOption(feedForwardWidth, activation, true, 0),
                        norm,
                        NormPlacement.POST,
                        dropout);
        return new EncoderConfig(
                vocabularySize,
                maxLength,
                numTypes,
                padding,
                positionsPastPadding,
                position,
                norm,
                dropout,
                TransformerConfig.uniform(dim, numLayers, layer, null),
                null);
    }
}
