package org.jzoo.zoo.decoder;

import ai.djl.nn.Block;
import java.util.Objects;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.norm.NormOption;
import org.jzoo.blocks.position.EmbeddingPosition;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.registry.TextModelOption;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.Task;

/**
 * A text decoder's numbers.
 *
 * @param vocabularySize rows of the token table (V), at least 1
 * @param maxLength tokens of the longest input
 * @param padding the token that fills up shorter texts of a batch, or -1 for none
 * @param paddingLearns whether the padding token's row gets gradients where it is read
 * @param tiedOutput whether the token table is the output map as well
 * @param position what is added to embeddings; null if the mixers know positions
 * @param embeddingNorm the norm after the embeddings; null for none
 * @param dropout share of the embeddings that is zeroed while training, in [0, 1)
 * @param stack the Transformer, of causal mixers
 */
public record DecoderConfig(
        int vocabularySize,
        int maxLength,
        int padding,
        boolean paddingLearns,
        boolean tiedOutput,
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
    public DecoderConfig {
        Objects.requireNonNull(stack, "stack");
        if (vocabularySize < 1 || maxLength < 1) {
            throw new IllegalArgumentException(
                    "vocabularySize and maxLength must be >= 1, got vocabularySize=%d, maxLength=%d"
                            .formatted(vocabularySize, maxLength));
        }
        if (padding < TokenEmbedding.NO_PADDING || padding >= vocabularySize) {
            throw new IllegalArgumentException(
                    "padding must be in [-1, vocabularySize), got padding=%d, vocabularySize=%d"
                            .formatted(padding, vocabularySize));
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
    }

    /** Starts a configuration without padding, untied, with nothing but the tokens embedded. */
    public static Builder builder() {
        return new Builder();
    }

    /** Width of the hidden states (D). */
    public int dim() {
        return stack.dim();
    }

    @Override
    public Block create(Task task) {
        if (task instanceof CausalLanguageTask) {
            return new LanguageModel(this);
        }
        throw new IllegalArgumentException(
                "task must be CausalLanguageTask for a text decoder, got task="
                        + task.getClass().getSimpleName());
    }

    /** Collects the components. */
    public static final class Builder {

        private int vocabularySize;
        private int maxLength;
        private int padding = TokenEmbedding.NO_PADDING;
        private boolean paddingLearns = true;
        private boolean tiedOutput;
        private EmbeddingPosition position;
        private NormOption embeddingNorm;
        private double dropout;
        private TransformerConfig stack;

        private Builder() {}

        /** Sets V. */
        public Builder setVocabularySize(int size) {
            vocabularySize = size;
            return this;
        }

        /** Sets the tokens of the longest input. */
        public Builder setMaxLength(int length) {
            maxLength = length;
            return this;
        }

        /** Sets the stack. */
        public Builder setStack(TransformerConfig value) {
            stack = value;
            return this;
        }

        /** Sets the padding token, and whether its row gets gradients. */
        public Builder optPadding(int token, boolean learns) {
            padding = token;
            paddingLearns = learns;
            return this;
        }

        /** Sets whether the token table is the output map as well. */
        public Builder optTiedOutput(boolean value) {
            tiedOutput = value;
            return this;
        }

        /** Sets what is added to embeddings; null for nothing. */
        public Builder optPosition(EmbeddingPosition value) {
            position = value;
            return this;
        }

        /** Sets the norm after the embeddings; null for none. */
        public Builder optEmbeddingNorm(NormOption value) {
            embeddingNorm = value;
            return this;
        }

        /** Sets the share of the embeddings that is zeroed while training. */
        public Builder optDropout(double value) {
            dropout = value;
            return this;
        }

        /** Builds the configuration. */
        public DecoderConfig build() {
            return new DecoderConfig(
                    vocabularySize,
                    maxLength,
                    padding,
                    paddingLearns,
                    tiedOutput,
                    position,
                    embeddingNorm,
                    dropout,
                    stack);
        }
    }
}
