package org.jzoo.zoo.task;

import ai.djl.nn.Block;
import java.util.List;
import java.util.Objects;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * One label a text or a pair of texts: logits (B, labels).
 *
 * @param labels the names in order, at least two
 * @param pair whether an input is two texts
 * @param head the head's shape
 */
public record ClassificationTask(List<String> labels, boolean pair, HeadOption head)
        implements TextTask {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there are fewer than two labels or two alike
     */
    public ClassificationTask {
        labels = checkLabels(labels);
        Objects.requireNonNull(head, "head");
    }

    static List<String> checkLabels(List<String> labels) {
        List<String> copy = List.copyOf(labels);
        if (copy.size() < 2 || copy.stream().distinct().count() != copy.size()) {
            throw new IllegalArgumentException(
                    "labels must be two or more different names, got labels=" + copy);
        }
        return copy;
    }

    @Override
    public boolean firstTokenIsGlobal() {
        return true;
    }

    @Override
    public Block createHead(TextEncoder encoder) {
        return new VectorHead(encoder.config().dim(), labels.size(), head);
    }
}
