package org.jzoo.examples.technique;

import ai.djl.Device;
import java.nio.file.Path;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.glue.GlueTask;

/**
 * What all runs have in common.
 *
 * @param glue folder with GLUE's folders
 * @param task of GLUE, of single texts
 * @param reviews IMDB's file; null where no technique needs it
 * @param work folder of checkpoints, from which a run that was stopped goes on; null for none
 * @param teacher a pretrained model's name
 * @param epochs passes over the task's training texts, at least 1
 * @param batchSize texts of a batch
 * @param everySentence of the reviews' sentences each such one is taught on, at least 1
 * @param rate the highest learning rate where all weights learn
 * @param loraRate that of adapters
 * @param limit rows of a file at most
 * @param precision of matrix products
 * @param device where it runs
 */
public record TechniqueConfig(
        Path glue,
        GlueTask task,
        Path reviews,
        Path work,
        String teacher,
        int epochs,
        int batchSize,
        int everySentence,
        double rate,
        double loraRate,
        int limit,
        Precision precision,
        Device device) {

    /** Of four sentences of reviews, one. */
    public static final int USUAL_SENTENCE = 4;

    static final int MAX_LENGTH = 128;

    /** Sentences are held out in as many parts; a seed takes one of them. */
    static final int FOLDS = 7;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the task is of pairs or of numbers
     */
    public TechniqueConfig {
        if (task.pair() || task.regression()) {
            throw new IllegalArgumentException(
                    "task must be about labels of single texts, got task=" + task.folder());
        }
    }
}
