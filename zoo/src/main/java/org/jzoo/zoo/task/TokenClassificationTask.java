package org.jzoo.zoo.task;

import ai.djl.nn.Block;
import java.util.List;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * One label a token: logits (B, T, labels).
 *
 * @param labels the names in order, at least two
 * @param dropout share of the hidden states that is zeroed while training, in [0, 1)
 */
public record TokenClassificationTask(List<String> labels, double dropout) implements TextTask {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there are fewer than two labels or two alike, or if
     *     {@code dropout} is out of its range
     */
    public TokenClassificationTask {
        labels = ClassificationTask.checkLabels(labels);
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
    }

    @Override
    public Block createHead(TextEncoder encoder) {
        return new TokenHead(encoder.config().dim(), labels.size(), dropout);
    }
}
