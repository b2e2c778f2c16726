package org.jzoo.zoo.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.LayerSpan;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.Transformer;

/**
 * Token, type and position embeddings, a norm, and the Transformer. A token table narrower than the
 * hidden states is followed by a map to their width.
 *
 * <p>Shapes: inputs token ids {@code (B, T)} int64 and, if the encoder has types, type ids {@code
 * (B, T)} int64 (all zero when left out); output hidden states {@code (B, T, D)}. Padding is masked
 * through the context.
 */
public final class TextEncoder extends Part {

    private final EncoderConfig config;
    private final TokenEmbedding tokens;

    /** Builds the encoder. */
    public TextEncoder(EncoderConfig config) {
        this(config, new Transformer(config.stack()));
    }

    /**
     * Builds an encoder with another body around the configuration's stack.
     *
     * @param body (B, T, D) to (B, T, D)
     */
    public TextEncoder(EncoderConfig config, Block body) {
        this.config = config;
        int dim = config.dim();
        int width = config.tokenRank() == null ? dim : config.tokenRank();
        tokens = new TokenEmbedding(config.vocabularySize(), width, config.padding());
        child("tokens", tokens);
        if (config.tokenRank() != null) {
            child("tokenMap", new Linear(width, dim, true));
        }
        if (config.numTypes() > 0) {
            child("types", new TokenEmbedding(config.numTypes(), dim, TokenEmbedding.NO_PADDING));
        }
        if (config.position() != null) {
            child("positions", config.position().create(dim));
        }
        if (config.embeddingNorm() != null) {
            child("embeddingNorm", config.embeddingNorm().create(dim));
        }
        child("transformer", body);
    }

    /** What this encoder was built from. */
    public EncoderConfig config() {
        return config;
    }

    /** The token table, shared by heads that predict tokens. */
    public TokenEmbedding tokens() {
        return tokens;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        LayerSpan span = pass.context().span();
        boolean embedded = span != null && span.first() > 0 && !config.positionsPastPadding();
        return list(pass.run(part("transformer"), embedded ? span.states() : embed(inputs, pass)));
    }

    private NDArray embed(NDList inputs, Pass pass) {
        NDArray ids = inputs.get(0); // (B, T)
        if (ids.getShape().get(1) > config.maxLength()) {
            throw new IllegalArgumentException(
                    "length must be <= maxLength, got length=%d, maxLength=%d; truncate the input"
                            .formatted(ids.getShape().get(1), config.maxLength()));
        }
        NDArray x = pass.run(part("tokens"), ids); // (B, T, D) or (B, T, R)
        if (config.tokenRank() != null) {
            x = LinearKernel.cast(pass.run(part("tokenMap"), x), Precision.FLOAT32);
        }
        if (config.numTypes() > 0) {
            NDArray types = inputs.size() > 1 ? inputs.get(1) : ids.zerosLike();
            x = LinearKernel.add(x, pass.run(part("types"), types));
        }
        if (config.position() != null) {
            if (config.positionsPastPadding()) {
                pass.context().withPositions(EmbeddingKernel.positionsPast(ids, config.padding()));
            }
            x = pass.run(part("positions"), x);
        }
        if (config.embeddingNorm() != null) {
            x = pass.run(part("embeddingNorm"), x);
        }
        return pass.dropout(x, config.dropout());
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0].add(config.dim())};
    }
}
