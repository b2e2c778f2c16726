package org.jzoo.zoo.j3;

import ai.djl.nn.Block;
import java.util.Objects;
import org.jzoo.blocks.chunk.ChunkStackConfig;
import org.jzoo.blocks.chunk.ChunkStackConfig.Form;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.memory.SegmentConfig;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.registry.TextModelOption;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TextTask;

/**
 * The numbers of a J3.
 *
 * @param vocabularySize rows of the token table (V), at least 1
 * @param padding the token that fills up shorter texts of a batch, or -1 for none
 * @param dropout share of the embeddings that is zeroed while training, in [0, 1)
 * @param chunkLength tokens that are read at once (C), at least 1
 * @param gradientChunks chunks that gradients may cross in training, at least 1
 * @param body the layers, the memory and who sees whom
 */
public record J3Config(
        int vocabularySize,
        int padding,
        double dropout,
        int chunkLength,
        int gradientChunks,
        ChunkStackConfig body)
        implements TextModelOption {

    private static final int ANY_LENGTH = 1 << 30;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public J3Config {
        Objects.requireNonNull(body, "body");
        if (vocabularySize < 1 || chunkLength < 1 || gradientChunks < 1) {
            throw new IllegalArgumentException(
                    "vocabularySize, chunkLength and gradientChunks must be >= 1, got vocabularySize=%d, chunkLength=%d, gradientChunks=%d"
                            .formatted(vocabularySize, chunkLength, gradientChunks));
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

    /** Width of the hidden states (D). */
    public int dim() {
        return body.stack().dim();
    }

    /** Texts of any length are read: 2³⁰ stands for that. */
    @Override
    public int maxLength() {
        return ANY_LENGTH;
    }

    /** How inputs are cut. */
    public SegmentConfig segments() {
        return new SegmentConfig(chunkLength, gradientChunks);
    }

    /** These numbers with chunks of another length. */
    public J3Config withChunkLength(int length) {
        return new J3Config(vocabularySize, padding, dropout, length, gradientChunks, body);
    }

    /** These numbers with gradients across another number of chunks. */
    public J3Config withGradientChunks(int chunks) {
        return new J3Config(vocabularySize, padding, dropout, chunkLength, chunks, body);
    }

    /** These numbers with other layers, memory or form. */
    public J3Config withBody(ChunkStackConfig other) {
        return new J3Config(vocabularySize, padding, dropout, chunkLength, gradientChunks, other);
    }

    /** What heads know of the encoder. */
    EncoderConfig encoder() {
        return new EncoderConfig(
                vocabularySize,
                ANY_LENGTH,
                0,
                padding,
                false,
                null,
                null,
                dropout,
                body.stack(),
                null);
    }

    @Override
    public Block create(Task task) {
        boolean causal = body.form() == Form.DECODER;
        boolean fits =
                causal
                        ? task instanceof CausalLanguageTask
                        : task instanceof TextTask || task instanceof SpanTask;
        if (!fits) {
            throw new IllegalArgumentException(
                    "task must be %s for a J3 %s, got task=%s"
                            .formatted(
                                    causal ? "CausalLanguageTask" : "one on texts or SpanTask",
                                    causal ? "decoder" : "encoder",
                                    task.getClass().getSimpleName()));
        }
        return new J3Model(this, task);
    }
}
