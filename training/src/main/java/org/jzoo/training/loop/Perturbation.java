package org.jzoo.training.loop;

import java.util.Objects;

/**
 * Adversarial training (the fast gradient method): each batch is seen twice, once as it is and once
 * with some parameters, usually the tables of embeddings, moved to where the loss grows fastest:
 * {@code w + ε g / ‖g‖}, g their gradient of all batches of a step. The gradient of a step is the
 * mean of both.
 *
 * <p>The paper moves each text's embeddings; here the table moves, so that a token moves the same
 * way in all texts of a batch. The loss that is reported is that without the move.
 *
 * @param pattern of the parameters that move, as in {@link
 *     org.jzoo.training.optimizer.PathPattern}; at least one trainable parameter must match
 * @param epsilon ε, above 0
 * @see <a href="https://arxiv.org/abs/1605.07725">Miyato et al. 2017, Adversarial Training Methods
 *     for Semi-Supervised Text Classification</a>, section 3
 */
public record Perturbation(String pattern, double epsilon) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code epsilon} is out of its range
     */
    public Perturbation {
        Objects.requireNonNull(pattern, "pattern");
        if (!(epsilon > 0 && Double.isFinite(epsilon))) {
            throw new IllegalArgumentException(
                    "epsilon must be > 0 and finite, got epsilon=" + epsilon);
        }
    }
}
