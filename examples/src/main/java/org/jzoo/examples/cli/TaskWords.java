package org.jzoo.examples.cli;

import java.util.List;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.CaptionTask;
import org.jzoo.zoo.j1.MatchTask;
import org.jzoo.zoo.j1.RetrievalTask;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.ImageEmbeddingTask;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;

/** What the command line calls the tasks. */
final class TaskWords {

    private TaskWords() {}

    /** The task in a word or two. */
    static String of(Task task) {
        if (task instanceof EmbeddingTask) {
            return "embedding";
        }
        if (task instanceof ClassificationTask) {
            return isPair(task) ? "pair classification" : "classification";
        }
        if (task instanceof RegressionTask) {
            return isPair(task) ? "pair regression" : "regression";
        }
        if (task instanceof TokenClassificationTask) {
            return "token classification";
        }
        if (task instanceof ImageClassificationTask) {
            return "image classification";
        }
        if (task instanceof ImageEmbeddingTask) {
            return "image embedding";
        }
        if (task instanceof ImageTextTask) {
            return "images and texts";
        }
        if (task instanceof CausalLanguageTask) {
            return "text generation";
        }
        if (task instanceof AnswerTask) {
            return "questions about pictures";
        }
        if (task instanceof CaptionTask) {
            return "captions of pictures";
        }
        if (task instanceof MatchTask) {
            return "text and picture match";
        }
        if (task instanceof RetrievalTask) {
            return "text and picture retrieval";
        }
        if (task instanceof SpanTask) {
            return "questions about documents";
        }
        return task instanceof MaskedWordsTask ? "masked words" : task.getClass().getSimpleName();
    }

    /** The names of the task's classes; empty if it has none. */
    static List<String> labels(Task task) {
        if (task instanceof ClassificationTask classification) {
            return classification.labels();
        }
        if (task instanceof AnswerTask answers) {
            return answers.labels();
        }
        if (task instanceof ImageClassificationTask images) {
            return images.labels();
        }
        return task instanceof TokenClassificationTask tokens ? tokens.labels() : List.of();
    }

    /** Whether the task was made for pairs of texts. */
    static boolean isPair(Task task) {
        return (task instanceof ClassificationTask classification && classification.pair())
                || (task instanceof RegressionTask regression && regression.pair());
    }
}
