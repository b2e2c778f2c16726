package org.jzoo.zoo.encoder;

import ai.djl.nn.Block;
import java.util.Objects;
import org.jzoo.blocks.embedding.PatchOption;
import org.jzoo.blocks.norm.NormOption;
import org.jzoo.blocks.position.EmbeddingPosition;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.registry.ImageModelOption;
import org.jzoo.zoo.task.ImageTask;
import org.jzoo.zoo.task.Task;

/**
 * An image encoder's numbers.
 *
 * @param patches how images are cut and mapped
 * @param classToken whether a learned token stands before the patches
 * @param position what is added to class token and patches; null if the mixers know positions
 * @param embeddingNorm the norm after the embeddings; null for none
 * @param dropout share of the embeddings that is zeroed while training, in [0, 1)
 * @param stack the Transformer
 * @param preprocessing how a picture becomes an image that is cut
 */
public record ImageEncoderConfig(
        PatchOption patches,
        boolean classToken,
        EmbeddingPosition position,
        NormOption embeddingNorm,
        double dropout,
        TransformerConfig stack,
        ImagePreprocessing preprocessing)
        implements ImageModelOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code dropout} is out of its range, or preprocessing
     *     makes images that cannot be cut
     */
    public ImageEncoderConfig {
        Objects.requireNonNull(patches, "patches");
        Objects.requireNonNull(stack, "stack");
        Objects.requireNonNull(preprocessing, "preprocessing");
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
        if (preprocessing.channels() != patches.channels()) {
            throw new IllegalArgumentException(
                    "channels must be those of the preprocessing, got channels=%d, mean=%s"
                            .formatted(patches.channels(), preprocessing.mean()));
        }
        if (preprocessing.height() % patches.size() != 0
                || preprocessing.width() % patches.size() != 0) {
            throw new IllegalArgumentException(
                    "patch size must divide height and width, got size=%d, height=%d, width=%d"
                            .formatted(
                                    patches.size(), preprocessing.height(), preprocessing.width()));
        }
    }

    /** Width of the hidden states (D). */
    public int dim() {
        return stack.dim();
    }

    /** The same encoder behind another preprocessing, such as one for larger images. */
    public ImageEncoderConfig withPreprocessing(ImagePreprocessing other) {
        return new ImageEncoderConfig(
                patches, classToken, position, embeddingNorm, dropout, stack, other);
    }

    @Override
    public Block create(Task task) {
        if (task instanceof ImageTask images) {
            return new ImageModel(this, images);
        }
        throw new IllegalArgumentException(
                "task must be one of an image encoder, got task="
                        + task.getClass().getSimpleName());
    }
}
