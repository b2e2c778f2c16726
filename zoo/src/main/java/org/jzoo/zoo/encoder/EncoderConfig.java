package org.jzoo.zoo.encoder;

import ai.djl.nn.Block;
import java.util.Objects;
import org.jzoo.blocks.attention.GlobalWindowOption;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.norm.NormOption;
import org.jzoo.blocks.position.EmbeddingPosition;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.registry.TextModelOption;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TextTask;

/**
 * A text encoder's numbers.
 *
 * @param vocabularySize rows of the token table (V), at least 1
 * @param maxLength tokens of the longest input, special tokens included
 * @param numTypes rows of the token type table; 0 for no types
 * @param padding the padding token, or -1 for none
 * @param positionsPastPadding whether positions count from {@code padding + 1} and skip padding, as
 *     in RoBERTa
 * @param position what is added to embeddings; null if the mixers know positions
 * @param embeddingNorm the norm after the embeddings; null for none
 * @param dropout share of the embeddings that is zeroed while training, in [0, 1)
 * @param stack the Transformer
 */
public record EncoderConfig(
        int vocabularySize,
        int maxLength,
        int numTypes,
        int padding,
        boolean positionsPastPadding,
        EmbeddingPosition position,
        NormOption embeddingNorm,
        double dropout,
        TransformerConfig stack)
        implements TextModelOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public EncoderConfig {
        Objects.requireNonNull(stack, "stack");
        if (vocabularySize < 1 || maxLength < 1 || numTypes < 0) {
            throw new IllegalArgumentException(
                    "vocabularySize and maxLength must be >= 1 and numTypes >= 0, got"
                            + " vocabularySize=%d, maxLength=%d, numTypes=%d"
                                    .formatted(vocabularySize, maxLength, numTypes));
        }
        if (padding < TokenEmbedding.NO_PADDING || padding >= vocabularySize) {
            throw new IllegalArgumentException(
                    "padding must be in [-1, vocabularySize), got padding=%d, vocabularySize=%d"
                            .formatted(padding, vocabularySize));
        }
        if (positionsPastPadding && padding < 0) {
            throw new IllegalArgumentException(
                    "positionsPastPadding must have a padding token, got padding=" + padding);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
    }

    /** Width of the hidden states (D). */
    public int dim() {
        return stack.dim();
    }

    /** These numbers with another Transformer. */
    public EncoderConfig withStack(TransformerConfig other) {
        return new EncoderConfig(
                vocabularySize,
                maxLength,
                numTypes,
                padding,
                positionsPastPadding,
                position,
                embeddingNorm,
                dropout,
                other);
    }

    /** Whether a layer tells global tokens from the others. */
    public boolean hasGlobalTokens() {
        return stack.layers().stream().anyMatch(l -> l.mixer() instanceof GlobalWindowOption);
    }

    @Override
    public Block create(Task task) {
        if (task instanceof TextTask texts) {
            return new TextModel(this, texts);
        }
        throw new IllegalArgumentException(
                "task must be one of a text encoder, got task=" + task.getClass().getSimpleName());
    }
}
