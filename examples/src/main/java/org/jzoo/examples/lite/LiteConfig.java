package org.jzoo.examples.lite;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;

/**
 * How small students are made and taught.
 *
 * @param glue folder with GLUE's folders
 * @param reviews unlabelled texts beside GLUE's, as {@link org.jzoo.datasets.imdb.ImdbReviews}
 *     reads them; null for none
 * @param work folder of teachers and students on the way
 * @param teacher name of a pretrained model, or its folder
 * @param share of its weights that may stay, in (0, 1)
 * @param tokenRank width of the students' token table
 * @param generalSteps steps on texts of all tasks
 * @param generalBatch texts of such a step
 * @param taskSteps steps on a task
 * @param quantSteps steps with rounded weights
 * @param limit rows of a file that are read at most
 * @param precision of matrix products while training
 * @param device where to train
 */
public record LiteConfig(
        Path glue,
        Path reviews,
        Path work,
        String teacher,
        double share,
        int tokenRank,
        int generalSteps,
        int generalBatch,
        int taskSteps,
        int quantSteps,
        int limit,
        Precision precision,
        Device device) {

    static final int BITS = 4;
    static final int GROUP = 32;
    static final int MAX_LENGTH = 128;
    static final int TASK_BATCH = 64;
    static final long GENERAL_SEED = 17;

    /** Steps on texts of all tasks, on a task, and with rounded weights. */
    List<Integer> steps() {
        return List.of(generalSteps, taskSteps, quantSteps);
    }

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public LiteConfig {
        Objects.requireNonNull(glue, "glue");
        Objects.requireNonNull(work, "work");
        Objects.requireNonNull(teacher, "teacher");
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(device, "device");
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share must be in (0, 1), got share=" + share);
        }
        if (generalSteps < 1 || generalBatch < 1 || taskSteps < 1 || quantSteps < 1 || limit < 1) {
            throw new IllegalArgumentException(
                    "steps, generalBatch and limit must be >= 1, got generalSteps=%d, generalBatch=%d, taskSteps=%d, quantSteps=%d, limit=%d"
                            .formatted(generalSteps, generalBatch, taskSteps, quantSteps, limit));
        }
    }
}
