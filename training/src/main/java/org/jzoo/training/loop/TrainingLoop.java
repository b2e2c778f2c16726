package org.jzoo.training.loop;

import ai.djl.nn.Block;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

/**
 * Trains a block: the parameters that require gradients move, the others are frozen. It runs on the
 * device where the parameters lie.
 *
 * <p>The same model, batches, configuration and seed give the same weights bit for bit on the same
 * machine, undisturbed or killed and resumed from a checkpoint.
 *
 * <pre>{@code
 * TrainingResult result =
 *         TrainingLoop.builder()
 *                 .setModel(model)
 *                 .setLoss(new CrossEntropy())
 *                 .setBatches(train)
 *                 .setConfig(TrainingConfig.builder().optEpochs(3).optSeed(17).build())
 *                 .setOptimizer(AdamWConfig.of(5e-5))
 *                 .optSchedule(Schedule.linear().withWarmupShare(0.06))
 *                 .optEvaluation(new ModelEvaluation(dev, new CrossEntropy()))
 *                 .build()
 *                 .run();
 * }</pre>
 */
public final class TrainingLoop {

    private final Builder parts;

    private TrainingLoop(Builder parts) {
        this.parts = parts;
    }

    /** Collects the parts. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether a folder, which need not exist, holds a checkpoint to resume from. */
    public static boolean hasCheckpoint(Path folder) {
        return new CheckpointFolder(folder).latest() != null;
    }

    /** How many of the model's numbers learn. */
    public ParameterReport parameters() {
        return ParameterReport.of(parts.model);
    }

    /**
     * Trains to the end, or until it is asked to stop; the end of the JVM (Ctrl-C, SIGTERM) asks
     * too, and waits for the step that is being made, at most a minute.
     *
     * @throws DivergenceException if the loss or the gradients are not finite any more; the model's
     *     weights are not to be used then
     * @throws CheckpointException if a checkpoint to resume from is damaged or of another training
     * @throws IllegalStateException if the checkpoint folder holds a checkpoint and resuming was
     *     not asked for
     */
    public TrainingResult run() {
        // PyTorch's library frees what it shares when the process exits: a thread that is inside of
        // it at that moment crashes.
        try (StopSignal ending = StopSignal.onShutdown();
                TrainingRun run = new TrainingRun(parts, ending)) {
            return run.run();
        }
    }

    /** Collects the parts of a {@link TrainingLoop}. */
    public static final class Builder {

        Block model;
        Loss loss;
        Batches batches;
        TrainingConfig config;
        AdamWConfig optimizer;
        Schedule schedule = Schedule.constant();
        Evaluation evaluation;
        Path checkpointFolder;
        boolean resume;
        StopSignal stopSignal = new StopSignal();
        GradientExchange gradientExchange;
        final List<TrainingCallback> callbacks = new ArrayList<>();
        final Map<String, String> identity = new TreeMap<>();

        private Builder() {}

        private Builder(Builder other) {
            model = Objects.requireNonNull(other.model, "model");
            loss = Objects.requireNonNull(other.loss, "loss");
            batches = Objects.requireNonNull(other.batches, "batches");
            config = Objects.requireNonNull(other.config, "config");
            optimizer = Objects.requireNonNull(other.optimizer, "optimizer");
            schedule = Objects.requireNonNull(other.schedule, "schedule");
            evaluation = other.evaluation;
            checkpointFolder = other.checkpointFolder;
            resume = other.resume;
            stopSignal = other.stopSignal;
            gradientExchange = other.gradientExchange;
            callbacks.addAll(other.callbacks);
            identity.putAll(other.identity);
        }

        /** Sets the block to train, its parameters initialized. */
        public Builder setModel(Block value) {
            model = value;
            return this;
        }

        /** Sets what training lowers. */
        public Builder setLoss(Loss value) {
            loss = value;
            return this;
        }

        /** Sets what it trains on. */
        public Builder setBatches(Batches value) {
            batches = value;
            return this;
        }

        /** Sets how it runs. */
        public Builder setConfig(TrainingConfig value) {
            config = value;
            return this;
        }

        /** Sets the optimizer's numbers. */
        public Builder setOptimizer(AdamWConfig value) {
            optimizer = value;
            return this;
        }

        /** Sets the learning rate's way; constant by default. */
        public Builder optSchedule(Schedule value) {
            schedule = value;
            return this;
        }

        /** Sets how the model is measured on the way; not at all by default. */
        public Builder optEvaluation(Evaluation value) {
            evaluation = value;
            return this;
        }

        /** Sets where checkpoints go; none are made by default. */
        public Builder optCheckpointFolder(Path value) {
            checkpointFolder = value;
            return this;
        }

        /**
         * Sets whether to go on from the folder's last checkpoint, if there is one; off by default.
         */
        public Builder optResume(boolean value) {
            resume = value;
            return this;
        }

        /**
         * Names something else that must be the same for a checkpoint to be of this training, such
         * as a teacher's hash; repeatable.
         */
        public Builder optIdentity(String name, Object value) {
            identity.put(name, value.toString());
            return this;
        }

        /** Adds one who wants to know. */
        public Builder optCallback(TrainingCallback value) {
            callbacks.add(value);
            return this;
        }

        /** Sets who may ask the training to stop. */
        public Builder optStopSignal(StopSignal value) {
            stopSignal = value;
            return this;
        }

        /** Sets how gradients are averaged with other processes; alone by default. */
        public Builder optGradientExchange(GradientExchange value) {
            gradientExchange = value;
            return this;
        }

        /**
         * Builds the loop.
         *
         * @throws IllegalArgumentException if the watched metric is not among the evaluation's, or
         *     early stopping is asked for without an evaluation
         */
        public TrainingLoop build() {
            TrainingLoop loop = new TrainingLoop(new Builder(this));
            if (evaluation == null && config.patience() > 0) {
                throw new IllegalArgumentException(
                        "patience must be 0 without an evaluation, got patience="
                                + config.patience());
            }
            if (evaluation != null && !evaluation.metricNames().isEmpty()) {
                config.watch().require(evaluation.metricNames());
            }
            return loop;
        }
    }
}
