package org.jzoo.zoo.huggingface;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;

/** Reads from the class a folder was saved from ("BertForTokenClassification") what it is for. */
public final class HuggingFaceTask {

    private HuggingFaceTask() {}

    /**
     * Finds the task.
     *
     * @param config the folder's configuration
     * @param head the head of the architecture's classification model
     * @param words the head of its masked word model
     * @throws IllegalArgumentException if the class is for something that is not supported
     */
    public static Task of(HuggingFaceConfig config, HeadOption head, MaskedWordsTask words) {
        String name = config.architectures().isEmpty() ? "Model" : config.architectures().get(0);
        Map<String, Supplier<Task>> bySuffix =
                Map.of(
                        "ForSequenceClassification", () -> sequence(config, head),
                        "ForTokenClassification",
                                () -> new TokenClassificationTask(labels(config), head.dropout()),
                        "ForMaskedLM", () -> words,
                        "ForPreTraining", () -> words,
                        "Model", () -> new EmbeddingTask(Pooling.MEAN, false));
        return bySuffix.entrySet().stream()
                .filter(e -> name.endsWith(e.getKey()))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "architectures must end in one of %s, got %s"
                                                .formatted(bySuffix.keySet(), name)))
                .getValue()
                .get();
    }

    private static Task sequence(HuggingFaceConfig config, HeadOption head) {
        boolean regression = "regression".equals(config.string("problem_type", ""));
        if (regression || config.labels().size() == 1) {
            return new RegressionTask(false, head);
        }
        return new ClassificationTask(labels(config), false, head);
    }

    private static List<String> labels(HuggingFaceConfig config) {
        return config.labels().isEmpty() ? List.of("LABEL_0", "LABEL_1") : config.labels();
    }
}
