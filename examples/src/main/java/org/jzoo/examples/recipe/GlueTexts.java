package org.jzoo.examples.recipe;

import java.nio.file.Path;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.finetune.TextData;

/** GLUE's tasks as data to learn and to be judged on: the development set decides nothing. */
public final class GlueTexts {

    private GlueTexts() {}

    /**
     * A task's training and development texts.
     *
     * @param glue folder with GLUE's folders
     * @param limit rows of a file at most
     */
    public static TextData of(Path glue, GlueTask task, long limit) {
        return new TextData(
                task.folder(),
                task.sha256(glue),
                task.train(glue).first(limit),
                null,
                task.dev(glue).first(limit),
                task.regression() ? null : task.labels(),
                task.pair());
    }
}
