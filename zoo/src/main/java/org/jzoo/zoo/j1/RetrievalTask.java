package org.jzoo.zoo.j1;

import org.jzoo.zoo.task.Task;

/**
 * Texts and pictures in one space, each by its own encoder: {@code scale · image · textᵀ} (N, M),
 * the pictures' vectors (N, E) and the texts' (M, E), each of length 1. The fusion and the gate
 * have no part in it.
 *
 * @param dim width of the space (E), at least 1
 * @see <a href="https://arxiv.org/abs/2103.00020">Radford et al. 2021, CLIP</a>
 */
public record RetrievalTask(int dim) implements Task {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code dim < 1}
     */
    public RetrievalTask {
        if (dim < 1) {
            throw new IllegalArgumentException("dim must be >= 1, got dim=" + dim);
        }
    }
}
