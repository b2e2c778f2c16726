package org.jzoo.zoo.weights;

/**
 * The sizes of a BERT encoder as its ONNX graph shows them.
 *
 * @param numLayers number of layers L
 * @param numHeads number of attention heads H, from the constants that reshape queries
 * @param dim model width D
 * @param feedForwardDim width F of the feed-forward's hidden layer
 * @param vocabularySize number of token embeddings V
 * @param maxPositions number of position embeddings
 * @param numTokenTypes number of token type embeddings
 * @param layerNormEpsilon what LayerNorm adds to the variance
 * @param activation the feed-forward's activation: gelu (exact), gelu_new (tanh) or relu
 */
public record OnnxBertConfig(
        int numLayers,
        int numHeads,
        int dim,
        int feedForwardDim,
        int vocabularySize,
        int maxPositions,
        int numTokenTypes,
        double layerNormEpsilon,
        String activation) {

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is not positive or the heads do not divide the width
     */
    public OnnxBertConfig {
        int least =
                Math.min(
                        Math.min(Math.min(numLayers, numHeads), Math.min(dim, feedForwardDim)),
                        Math.min(vocabularySize, Math.min(maxPositions, numTokenTypes)));
        if (least < 1 || layerNormEpsilon <= 0) {
            throw new IllegalArgumentException(
                    "sizes must be positive, got numLayers=%d, numHeads=%d, dim=%d, feedForwardDim=%d, vocabularySize=%d, maxPositions=%d, numTokenTypes=%d, layerNormEpsilon=%s"
                            .formatted(
                                    numLayers,
                                    numHeads,
                                    dim,
                                    feedForwardDim,
                                    vocabularySize,
                                    maxPositions,
                                    numTokenTypes,
                                    layerNormEpsilon));
        }
        if (dim % numHeads != 0) {
            throw new IllegalArgumentException(
                    "numHeads must divide dim, got numHeads=%d, dim=%d".formatted(numHeads, dim));
        }
    }

    /** Width of one attention head. */
    public int headSize() {
        return dim / numHeads;
    }
}
