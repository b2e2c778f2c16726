package org.jzoo.examples.lite;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;

/**
 * How small students of J1s are made and taught.
 *
 * @param teachers folder of trained J1s, each named {@code j1-full-SEED}, as {@code jzoo reproduce
 *     j1 --mirror --save} leaves them
 * @param work folder of checkpoints and of students on the way
 * @param save folder of packed students
 * @param share of a teacher's weights that may stay, in (0, 1)
 * @param epochs passes over the training pictures
 * @param roundedEpochs further passes with rounded weights; 0 to round without learning
 * @param pictures training pictures that are used
 * @param batchPictures pictures of a batch, each with all its questions
 * @param learningRate the highest
 * @param hiddenWeight of the teacher's hidden states in the loss, at least 0
 * @param precision of matrix products while training
 * @param device where to train
 */
public record LiteVqaConfig(
        Path teachers,
        Path work,
        Path save,
        double share,
        int epochs,
        int roundedEpochs,
        int pictures,
        int batchPictures,
        double learningRate,
        double hiddenWeight,
        Precision precision,
        Device device) {

    static final int BITS = 4;
    static final double LABEL_SHARE = 0.3;
    static final double TEMPERATURE = 2;
    static final double WEIGHT_DECAY = 0.01;
    static final int IMPORTANCE_BATCHES = 256;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public LiteVqaConfig {
        Objects.requireNonNull(teachers, "teachers");
        Objects.requireNonNull(work, "work");
        Objects.requireNonNull(save, "save");
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(device, "device");
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share must be in (0, 1), got share=" + share);
        }
        if (epochs < 1 || roundedEpochs < 0 || pictures < 1 || batchPictures < 1) {
            throw new IllegalArgumentException(
                    "epochs, pictures and batchPictures must be >= 1 and roundedEpochs >= 0, got epochs=%d, roundedEpochs=%d, pictures=%d, batchPictures=%d"
                            .formatted(epochs, roundedEpochs, pictures, batchPictures));
        }
        if (!(learningRate > 0) || !(hiddenWeight >= 0)) {
            throw new IllegalArgumentException(
                    "learningRate must be > 0 and hiddenWeight >= 0, got learningRate=%s, hiddenWeight=%s"
                            .formatted(learningRate, hiddenWeight));
        }
    }

    /** The folder of a seed's teacher. */
    Path teacher(long seed) {
        return teachers.resolve("j1-full-" + seed);
    }

    /** The epochs that figures name. */
    List<Integer> steps() {
        return List.of(epochs, roundedEpochs);
    }
}
