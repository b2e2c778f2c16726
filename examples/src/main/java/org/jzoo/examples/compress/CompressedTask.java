package org.jzoo.examples.compress;

import org.jzoo.datasets.text.LabelSet;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;

/** Which models can be made smaller, by what they are for. */
public final class CompressedTask {

    private CompressedTask() {}

    /** The labels of a model that can be made smaller; null if it gives numbers. */
    public static LabelSet labels(LoadedModel model) {
        Task task = model.config().task();
        if (task instanceof ClassificationTask classes) {
            return LabelSet.of(classes.labels());
        }
        if (task instanceof AnswerTask answers) {
            return LabelSet.of(answers.labels());
        }
        if (task instanceof RegressionTask) {
            return null;
        }
        throw new IllegalArgumentException(
                "model must classify texts, give them a number or answer questions about pictures"
                        + " to be compressed, got the task "
                        + task.getClass().getSimpleName());
    }

    /** Whether a model answers questions about pictures, and not labels texts. */
    public static boolean answersQuestions(LoadedModel model) {
        return model.config().task() instanceof AnswerTask;
    }
}
