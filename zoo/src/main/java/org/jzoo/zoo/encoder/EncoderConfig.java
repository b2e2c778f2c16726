package org.jzoo.zoo.encoder;

import ai.djl.nn.Block;
import java.util.List;
import java.util.Objects;
import org.jzoo.blocks.attention.GlobalWindowOption;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.norm.NormOption;
import org.jzoo.blocks.position.EmbeddingPosition;
import org.jzoo.blocks.transformer.LayerConfig;
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
 * @param tokenRank width of the token table (R) where it is narrower than the hidden states and a
 *     map to their width follows; null for a table of their width
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
        TransformerConfig stack,
        Integer tokenRank)
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
        if (tokenRank != null && (tokenRank < 1 || tokenRank >= stack.dim())) {
            throw new IllegalArgumentException(
                    "tokenRank must be in [1, dim), got tokenRank=%d, dim=%d"
                            .formatted(tokenRank, stack.dim()));
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
                other,
                tokenRank);
    }

    /** These numbers with another share of embeddings and branches zeroed while training. */
    public EncoderConfig withDropout(double share) {
        List<LayerConfig> layers =
                stack.layers().stream()
                        .map(
                                l ->
                                        new LayerConfig(
                                                l.mixer(),
                                                l.feedForward(),
                                                l.norm(),
                                                l.placement(),
                                                share))
                        .toList();
        return new EncoderConfig(
                vocabularySize,
                maxLength,
                numTypes,
                padding,
                positionsPastPadding,
                position,
                embeddingNorm,
                share,
                stack.withLayers(layers),
                tokenRank);
    }

    /** These numbers with another token table. */
    public EncoderConfig withTokens(int newVocabularySize, int newPadding, Integer newRank) {
        return new EncoderConfig(
                newVocabularySize,
                maxLength,
                numTypes,
                newPadding,
                positionsPastPadding,
                position,
                embeddingNorm,
                dropout,
                stack,
                newRank);
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
