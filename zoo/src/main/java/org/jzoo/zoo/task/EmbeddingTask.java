package org.jzoo.zoo.task;

import ai.djl.nn.Block;
import java.util.Objects;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * Sentence embeddings: (B, D).
 *
 * @param pooling how the tokens become one vector
 * @param normalize whether each vector is scaled to length 1
 */
public record EmbeddingTask(Pooling pooling, boolean normalize) implements TextTask {

    /** Validates. */
    public EmbeddingTask {
        Objects.requireNonNull(pooling, "pooling");
    }

    @Override
    public Block createHead(TextEncoder encoder) {
        return new EmbeddingHead(this);
    }
}
