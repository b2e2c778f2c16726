package org.jzoo.zoo.task;

import ai.djl.nn.Block;
import java.util.Objects;
import org.jzoo.zoo.encoder.ImageEncoder;

/**
 * A vector a picture: (B, D), or (B, width) behind a pooler.
 *
 * @param pooling how the tokens become one vector
 * @param pooler a map and non-linearity on that vector; null for none
 * @param normalize whether each vector is scaled to length 1
 */
public record ImageEmbeddingTask(Pooling pooling, PoolerOption pooler, boolean normalize)
        implements ImageTask {

    /** Validates. */
    public ImageEmbeddingTask {
        Objects.requireNonNull(pooling, "pooling");
    }

    @Override
    public Block createHead(ImageEncoder encoder) {
        return new ImageEmbeddingHead(encoder.config().dim(), this);
    }
}
