package org.jzoo.zoo.j3;

/**
 * How large a J3 is.
 *
 * @param dim width (D), a multiple of heads
 * @param numHeads heads of every attention (H), at least 1
 * @param numLayers layers (L), at least 1
 * @param feedForward features inside feed-forwards (F)
 * @param chunkLength tokens that are read at once (C)
 * @param blockLength tokens of a block that is found again (S)
 * @param gradientChunks chunks that gradients may cross in training
 */
public record J3Size(
        int dim,
        int numHeads,
        int numLayers,
        int feedForward,
        int chunkLength,
        int blockLength,
        int gradientChunks) {

    /** 0.9 million weights and the vocabulary's: for tests and recipes. */
    public static final J3Size TINY = new J3Size(128, 4, 4, 352, 512, 64, 16);

    /** 13 million weights and the vocabulary's. */
    public static final J3Size SMALL = new J3Size(384, 6, 6, 1024, 512, 64, 16);

    /** 90 million weights and the vocabulary's. */
    public static final J3Size BASE = new J3Size(768, 12, 12, 2048, 1024, 64, 8);

    /** 1.3 billion weights and the vocabulary's: what an H200 trains in bfloat16. */
    public static final J3Size H200 = new J3Size(2048, 16, 24, 5632, 2048, 128, 4);

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public J3Size {
        if (numHeads < 1 || dim < 4 * numHeads || dim % numHeads != 0) {
            throw new IllegalArgumentException(
                    "numHeads must divide dim with 4 features a head or more, got numHeads=%d, dim=%d"
                            .formatted(numHeads, dim));
        }
        if (numLayers < 1
                || feedForward < 1
                || chunkLength < 1
                || blockLength < 1
                || gradientChunks < 1) {
            throw new IllegalArgumentException(
                    "numLayers, feedForward, chunkLength, blockLength and gradientChunks must be >= 1, got numLayers=%d, feedForward=%d, chunkLength=%d, blockLength=%d, gradientChunks=%d"
                            .formatted(
                                    numLayers,
                                    feedForward,
                                    chunkLength,
                                    blockLength,
                                    gradientChunks));
        }
    }

    /** The size of that name: tiny, small, base or h200. */
    public static J3Size named(String name) {
        return switch (name) {
            case "tiny" -> TINY;
            case "small" -> SMALL;
            case "base" -> BASE;
            case "h200" -> H200;
            default ->
                    throw new IllegalArgumentException(
                            "size must be one of tiny, small, base, h200, got size=" + name);
        };
    }

    /** This size with another number of layers. */
    public J3Size withLayers(int layers) {
        return new J3Size(
                dim, numHeads, layers, feedForward, chunkLength, blockLength, gradientChunks);
    }

    /** This size with other features inside feed-forwards. */
    public J3Size withFeedForward(int features) {
        return new J3Size(
                dim, numHeads, numLayers, features, chunkLength, blockLength, gradientChunks);
    }

    /** This size with other chunks and blocks. */
    public J3Size withChunks(int chunk, int block, int gradients) {
        return new J3Size(dim, numHeads, numLayers, feedForward, chunk, block, gradients);
    }
}
