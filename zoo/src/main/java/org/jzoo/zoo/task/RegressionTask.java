package org.jzoo.zoo.task;

import ai.djl.nn.Block;
import java.util.Objects;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * One number a text or a pair of texts: (B, 1).
 *
 * @param pair whether an input is two texts
 * @param head the head's shape
 */
public record RegressionTask(boolean pair, HeadOption head) implements TextTask {

    /** Validates. */
    public RegressionTask {
        Objects.requireNonNull(head, "head");
    }

    @Override
    public boolean firstTokenIsGlobal() {
        return true;
    }

    @Override
    public Block createHead(TextEncoder encoder) {
        return new VectorHead(encoder.config().dim(), 1, head);
    }
}
