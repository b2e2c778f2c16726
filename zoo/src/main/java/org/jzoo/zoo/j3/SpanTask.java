package org.jzoo.zoo.j3;

import ai.djl.nn.Block;
import org.jzoo.zoo.task.Task;

/**
 * Where a long text answers a question: logits (B, N, 2) of the answer's first and last token. The
 * logit of "the text does not say" is 0, so that chunks of one text can be compared: the
 * probability of a span is {@code exp(first + last) / (1 + Σ exp(first + last))}, the sum over all
 * spans.
 *
 * @param dropout share of the hidden states that is zeroed while training, in [0, 1)
 */
public record SpanTask(double dropout) implements Task {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code dropout} is out of its range
     */
    public SpanTask {
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
    }

    /** Builds the head: (B, T, D) to (B, T, 2). */
    Block createHead(int dim) {
        return new SpanHead(dim, dropout);
    }
}
