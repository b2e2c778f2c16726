package org.jzoo.zoo.card;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelInfo;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;

/**
 * A model card, made from a run and never by hand.
 *
 * @param name of the model
 * @param summary a sentence or two: what it does, for whom
 * @param architecture the family
 * @param task what the head is for
 * @param labels the classes in order; empty if there are none
 * @param baseModel what it was tuned from; null if it was trained from scratch
 * @param data what it learned from and was judged on
 * @param settings of the training by name, seeds apart
 * @param seeds of the run
 * @param commit of the code
 * @param metrics as measured
 * @param parameters how many weights it has
 * @param bytes size of the weights as stored; 0 if unknown
 * @param speed measured speeds by what was measured ("1 text of 16 tokens, 2 threads" → "5.2 ms")
 * @param limits what it cannot do or was not tested on
 * @param licence an SPDX name
 */
public record ModelCard(
        String name,
        String summary,
        String architecture,
        String task,
        List<String> labels,
        String baseModel,
        List<DataUse> data,
        Map<String, String> settings,
        List<Long> seeds,
        String commit,
        List<Measured> metrics,
        long parameters,
        long bytes,
        Map<String, String> speed,
        List<String> limits,
        String licence) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a size is negative
     */
    public ModelCard {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(summary, "summary");
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(commit, "commit");
        Objects.requireNonNull(licence, "licence");
        labels = List.copyOf(labels);
        data = List.copyOf(data);
        settings = new TreeMap<>(settings);
        seeds = List.copyOf(seeds);
        metrics = List.copyOf(metrics);
        speed = new TreeMap<>(speed);
        limits = List.copyOf(limits);
        if (parameters < 0 || bytes < 0) {
            throw new IllegalArgumentException(
                    "parameters and bytes must be >= 0, got parameters=%d, bytes=%d"
                            .formatted(parameters, bytes));
        }
    }

    /** Starts a card with what the model itself knows, and the commit of the running code. */
    public static Builder of(LoadedModel model) {
        return new Builder(model);
    }

    /** The text of the card. */
    public String toMarkdown() {
        return new CardText(this).toString();
    }

    /** Collects the components. */
    public static final class Builder {

        private final ModelConfig config;
        private final long parameters;
        private final List<DataUse> data = new ArrayList<>();
        private final Map<String, String> settings = new TreeMap<>();
        private final List<Long> seeds = new ArrayList<>();
        private final List<Measured> metrics = new ArrayList<>();
        private final Map<String, String> speed = new TreeMap<>();
        private final List<String> limits = new ArrayList<>();
        private String name;
        private String summary = "";
        private String baseModel;
        private String commit = Commit.current();
        private String licence = ModelInfo.UNKNOWN_LICENCE;
        private long bytes;

        private Builder(LoadedModel model) {
            config = model.config();
            parameters = model.numParameters();
            name = model.name();
        }

        /** Sets the name, if it is not the loaded model's. */
        public Builder optName(String value) {
            name = value;
            return this;
        }

        /** Sets what the model does, in a sentence or two. */
        public Builder optSummary(String value) {
            summary = value;
            return this;
        }

        /** Sets what it was tuned from. */
        public Builder optBaseModel(String value) {
            baseModel = value;
            return this;
        }

        /** Adds data; repeatable. */
        public Builder optData(DataUse value) {
            data.add(value);
            return this;
        }

        /** Adds a setting of the training; repeatable. */
        public Builder optSetting(String key, Object value) {
            settings.put(key, String.valueOf(value));
            return this;
        }

        /** Adds a seed; repeatable. */
        public Builder optSeed(long value) {
            seeds.add(value);
            return this;
        }

        /** Sets the commit, if it is not that of the running code. */
        public Builder optCommit(String value) {
            commit = value;
            return this;
        }

        /** Adds a measured quality; repeatable. */
        public Builder optMetric(String metric, String split, double value, long examples) {
            metrics.add(new Measured(metric, split, value, examples));
            return this;
        }

        /** Sets the size of the stored weights. */
        public Builder optBytes(long value) {
            bytes = value;
            return this;
        }

        /** Adds a measured speed; repeatable. */
        public Builder optSpeed(String what, String value) {
            speed.put(what, value);
            return this;
        }

        /** Adds a limit; repeatable. */
        public Builder optLimit(String value) {
            limits.add(value);
            return this;
        }

        /** Sets the licence. */
        public Builder optLicence(String value) {
            licence = value;
            return this;
        }

        /** Builds the card. */
        public ModelCard build() {
            List<String> labels = List.of();
            if (config.task() instanceof ClassificationTask task) {
                labels = task.labels();
            } else if (config.task() instanceof TokenClassificationTask task) {
                labels = task.labels();
            } else if (config.task() instanceof AnswerTask task) {
                labels = task.labels();
            }
            return new ModelCard(
                    name,
                    summary,
                    config.architecture(),
                    taskName(),
                    labels,
                    baseModel,
                    data,
                    settings,
                    seeds,
                    commit,
                    metrics,
                    parameters,
                    bytes,
                    speed,
                    limits,
                    licence);
        }

        // "TokenClassificationTask" reads "token classification", of pairs "pair classification".
        private String taskName() {
            Task task = config.task();
            boolean pair =
                    (task instanceof ClassificationTask labels && labels.pair())
                            || (task instanceof RegressionTask numbers && numbers.pair());
            return (pair ? "pair " : "") + words(task);
        }

        private static String words(Task task) {
            return task.getClass()
                    .getSimpleName()
                    .replaceFirst("Task$", "")
                    .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                    .toLowerCase(Locale.ROOT);
        }
    }
}
