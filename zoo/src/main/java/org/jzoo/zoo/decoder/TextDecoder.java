package org.jzoo.zoo.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.SegmentKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.Transformer;

/**
 * Token and position embeddings, the Transformer, and the output map.
 *
 * <p>Shapes: input token ids {@code (B, T)} int64, output logits {@code (B, T, V)} float32 of the
 * token after each. Padding is masked through the context, and caches, positions and captures
 * travel there; asked for the capture "hidden", it also leaves what the output map reads {@code (B,
 * T, D)} as "hidden". A tied output map is the token table itself, (V, D), without bias.
 */
public final class TextDecoder extends Part {

    private final DecoderConfig config;
    private final TokenEmbedding tokens;

    /** Builds the decoder. */
    public TextDecoder(DecoderConfig config) {
        this.config = config;
        int dim = config.dim();
        tokens =
                new TokenEmbedding(
                        config.vocabularySize(),
                        dim,
                        config.paddingLearns() ? TokenEmbedding.NO_PADDING : config.padding());
        child("tokens", tokens);
        if (config.position() != null) {
            child("positions", config.position().create(dim));
        }
        if (config.embeddingNorm() != null) {
            child("embeddingNorm", config.embeddingNorm().create(dim));
        }
        child("transformer", new Transformer(config.stack()));
        if (!config.tiedOutput()) {
            child("output", new Linear(dim, config.vocabularySize(), false));
        }
    }

    /** What this decoder was built from. */
    public DecoderConfig config() {
        return config;
    }

    /** The token table. */
    public TokenEmbedding tokens() {
        return tokens;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        return list(logits(hidden(inputs.singletonOrThrow(), pass), pass));
    }

    /**
     * The states that the output map reads.
     *
     * @param ids (B, T) int64
     * @return (B, T, D)
     * @throws IllegalArgumentException if T is above the longest input
     */
    public NDArray hidden(NDArray ids, Pass pass) {
        return hidden(null, ids, pass);
    }

    /**
     * The states that the output map reads, of vectors and the tokens after them.
     *
     * @param prefix what stands before the tokens, as if it were their embeddings, (B, P, D)
     *     float32; null for nothing
     * @param ids (B, T) int64
     * @return (B, P + T, D)
     * @throws IllegalArgumentException if P + T is above the longest input
     */
    public NDArray hidden(NDArray prefix, NDArray ids, Pass pass) {
        long length = ids.getShape().get(1) + (prefix == null ? 0 : prefix.getShape().get(1));
        if (length > config.maxLength()) {
            throw new IllegalArgumentException(
                    "length must be <= maxLength, got length=%d, maxLength=%d; truncate the input"
                            .formatted(length, config.maxLength()));
        }
        NDArray x = pass.run(tokens, ids); // (B, T, D)
        if (prefix != null) {
            x = SegmentKernel.concat(new NDArray[] {prefix, x}); // (B, P + T, D)
        }
        if (config.position() != null) {
            x = pass.run(part("positions"), x);
        }
        if (config.embeddingNorm() != null) {
            x = pass.run(part("embeddingNorm"), x);
        }
        NDArray hidden = pass.run(part("transformer"), pass.dropout(x, config.dropout()));
        pass.context().capture(Transformer.HIDDEN, hidden);
        return hidden;
    }

    /** The logits of {@link #hidden} states: (B, T, D) to (B, T, V) in float32. */
    public NDArray logits(NDArray hidden, Pass pass) {
        NDArray map = config.tiedOutput() ? pass.value(tokens.weight(), hidden) : null;
        return logits(hidden, map, pass);
    }

    /**
     * The logits of {@link #hidden} states by a copy of the output map.
     *
     * @param map what {@link #tiedOutput} gave, null if the map is not tied
     */
    public NDArray logits(NDArray hidden, NDArray map, Pass pass) {
        NDArray logits =
                map == null
                        ? pass.run(part("output"), hidden)
                        : LinearKernel.linear(hidden, map, null, pass.precision());
        return LinearKernel.cast(logits, Precision.FLOAT32);
    }

    /**
     * A copy of the tied output map in one precision, for many passes; null if it is not tied.
     *
     * @param manager owns the copy
     */
    public NDArray tiedOutput(Precision precision, NDManager manager) {
        if (!config.tiedOutput()) {
            return null;
        }
        NDArray table = tokens.weight().getArray();
        if (precision == Precision.FLOAT32) {
            return table;
        }
        NDArray copy = LinearKernel.cast(table, precision);
        copy.attach(manager);
        return copy;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0].add(config.vocabularySize())};
    }
}
