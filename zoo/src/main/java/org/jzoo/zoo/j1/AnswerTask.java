package org.jzoo.zoo.j1;

import ai.djl.nn.Block;
import java.util.List;

/**
 * A question about a picture, answered by one of a list: logits (B, answers).
 *
 * @param labels the answers in order, at least two
 * @param dropout share of the head's inner features that is zeroed while training, in [0, 1)
 */
public record AnswerTask(List<String> labels, double dropout) implements J1Task {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there are fewer than two answers or two alike, or {@code
     *     dropout} is out of its range
     */
    public AnswerTask {
        labels = List.copyOf(labels);
        if (labels.size() < 2 || labels.stream().distinct().count() != labels.size()) {
            throw new IllegalArgumentException(
                    "labels must be two or more different answers, got labels=" + labels);
        }
        FusedHead.checkDropout(dropout);
    }

    @Override
    public Block createHead(int dim) {
        return new FusedHead(dim, labels.size(), dropout);
    }
}
