package org.jzoo.zoo.clip;

import ai.djl.nn.Block;
import java.util.Objects;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.ImageEncoderConfig;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.registry.ImageModelOption;
import org.jzoo.zoo.registry.TextModelOption;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.task.Task;

/**
 * A dual encoder's numbers.
 *
 * @param text the text encoder, causal, so that the last token has seen all
 * @param image the image encoder, with a class token
 * @param projectionDim width of the common space (E), at least 1
 * @param endToken the token whose first place tells a text's vector, or {@link #HIGHEST}
 * @param padding the token that fills up shorter texts
 * @param logitScale where the logarithm of the similarities' factor starts
 */
public record ClipConfig(
        EncoderConfig text,
        ImageEncoderConfig image,
        int projectionDim,
        int endToken,
        int padding,
        double logitScale)
        implements TextModelOption, ImageModelOption {

    /** Stands for the highest id of a text, which the end has in CLIP's own vocabulary. */
    public static final int HIGHEST = -1;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public ClipConfig {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(image, "image");
        if (projectionDim < 1) {
            throw new IllegalArgumentException(
                    "projectionDim must be >= 1, got projectionDim=" + projectionDim);
        }
        int words = text.vocabularySize();
        if (endToken < HIGHEST || endToken >= words || padding < 0 || padding >= words) {
            throw new IllegalArgumentException(
                    "endToken must be in [-1, V) and padding in [0, V), got endToken=%d, padding=%d, V=%d"
                            .formatted(endToken, padding, words));
        }
    }

    @Override
    public int maxLength() {
        return text.maxLength();
    }

    @Override
    public ImagePreprocessing preprocessing() {
        return image.preprocessing();
    }

    @Override
    public Block create(Task task) {
        if (task instanceof ImageTextTask) {
            return new ClipModel(this);
        }
        throw new IllegalArgumentException(
                "task must be ImageTextTask, got task=" + task.getClass().getSimpleName());
    }
}
