package org.jzoo.zoo.task;

import ai.djl.nn.Block;
import java.util.List;
import java.util.Objects;
import org.jzoo.zoo.encoder.ImageEncoder;

/**
 * One label a picture: logits (B, labels).
 *
 * @param labels the names in order, at least two
 * @param head the head's shape
 */
public record ImageClassificationTask(List<String> labels, HeadOption head) implements ImageTask {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there are fewer than two labels or two alike
     */
    public ImageClassificationTask {
        labels = ClassificationTask.checkLabels(labels);
        Objects.requireNonNull(head, "head");
    }

    @Override
    public Block createHead(ImageEncoder encoder) {
        return new VectorHead(encoder.config().dim(), labels.size(), head);
    }
}
