package org.jzoo.zoo.encoder;

import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.embedding.PatchOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.position.LearnedGridPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.image.ImagePreprocessing;

/**
 * The numbers in which the pre-norm image encoders of ViT's kind differ.
 *
 * @param dim width (D)
 * @param numLayers layers (L)
 * @param numHeads attention heads (H)
 * @param feedForwardWidth inner features (F)
 * @param activation of the feed-forward
 * @param bias whether query, key and value maps have biases
 * @param dropout of embeddings and branches
 * @param attentionDropout of attention weights
 * @param normEpsilon of all norms
 */
public record PreNormImageEncoder(
        int dim,
        int numLayers,
        int numHeads,
        int feedForwardWidth,
        Activation activation,
        boolean bias,
        double dropout,
        double attentionDropout,
        double normEpsilon) {

    /**
     * Builds the configuration, with a class token and a learned row per place.
     *
     * @param patches how images are cut
     * @param imageSize side of the images that positions are learned for
     * @param embeddingNorm whether a norm follows the embeddings
     * @param preprocessing how a picture becomes an image
     * @throws IllegalArgumentException if patches do not divide the images
     */
    public ImageEncoderConfig config(
            PatchOption patches,
            int imageSize,
            boolean embeddingNorm,
            ImagePreprocessing preprocessing) {
        if (imageSize < patches.size() || imageSize % patches.size() != 0) {
            throw new IllegalArgumentException(
                    "patch size must divide imageSize, got size=%d, imageSize=%d"
                            .formatted(patches.size(), imageSize));
        }
        int side = imageSize / patches.size();
        LayerNormOption norm = new LayerNormOption(normEpsilon);
        return new ImageEncoderConfig(
                patches,
                true,
                new LearnedGridPositionOption(new Grid(side, side), 1),
                embeddingNorm ? norm : null,
                dropout,
                stack(false),
                preprocessing);
    }

    /**
     * The stack alone.
     *
     * @param causal whether a token sees only itself and earlier ones
     */
    public TransformerConfig stack(boolean causal) {
        LayerNormOption norm = new LayerNormOption(normEpsilon);
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(numHeads, dim)
                                .optBias(bias, true)
                                .optCausal(causal)
                                .optDropout(attentionDropout)
                                .build(),
                        new DenseFeedForwardOption(feedForwardWidth, activation, true, 0),
                        norm,
                        NormPlacement.PRE,
                        dropout);
        return TransformerConfig.uniform(dim, numLayers, layer, norm);
    }
}
