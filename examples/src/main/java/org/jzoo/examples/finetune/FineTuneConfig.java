package org.jzoo.examples.finetune;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.training.tuning.Tuning;

/**
 * How a text model is fine-tuned.
 *
 * @param model a pretrained model's name or a model folder
 * @param tuning what learns
 * @param epochs passes over the training data, at least 1
 * @param batchSize rows of a batch, at least 1
 * @param accumulation batches of an optimizer step, at least 1
 * @param maxLength tokens of the longest text, special tokens included
 * @param learningRate the highest, positive
 * @param layerDecay factor of the rate from a layer to the one below it, in (0, 1]
 * @param weightDecay of matrices, not negative
 * @param warmupShare share of the steps during which the rate rises, in [0, 1)
 * @param regularization what keeps it from learning texts by heart
 * @param evaluateEvery steps between evaluations; 0 for the end of each epoch
 * @param patience evaluations without improvement after which training stops; 0 for never
 * @param precision of matrix products while training
 * @param checkpointing whether activations are computed again in the backward pass
 * @param seed of weights, order and dropout
 * @param device where to train
 * @param work folder of checkpoints and logs; null for none
 * @param resume whether to go on from the last checkpoint in {@code work}
 */
public record FineTuneConfig(
        String model,
        Tuning tuning,
        int epochs,
        int batchSize,
        int accumulation,
        int maxLength,
        double learningRate,
        double layerDecay,
        double weightDecay,
        double warmupShare,
        Regularization regularization,
        int evaluateEvery,
        int patience,
        Precision precision,
        boolean checkpointing,
        long seed,
        Device device,
        Path work,
        boolean resume) {

    /**
     * Validates what the training classes do not see.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public FineTuneConfig {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(tuning, "tuning");
        Objects.requireNonNull(regularization, "regularization");
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(device, "device");
        if (epochs < 1 || batchSize < 1 || accumulation < 1) {
            throw new IllegalArgumentException(
                    "epochs, batchSize and accumulation must be >= 1, got epochs=%d, batchSize=%d, accumulation=%d"
                            .formatted(epochs, batchSize, accumulation));
        }
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException(
                    "learningRate must be > 0, got learningRate=" + learningRate);
        }
        if (!(layerDecay > 0 && layerDecay <= 1)) {
            throw new IllegalArgumentException(
                    "layerDecay must be in (0, 1], got layerDecay=" + layerDecay);
        }
        if (resume && work == null) {
            throw new IllegalArgumentException("resume must have a work folder, got work=null");
        }
    }

    /** The same with other epochs, another rate and another work folder. */
    public FineTuneConfig with(int newEpochs, double newRate, Path newWork) {
        return new FineTuneConfig(
                model,
                tuning,
                newEpochs,
                batchSize,
                accumulation,
                maxLength,
                newRate,
                layerDecay,
                weightDecay,
                warmupShare,
                regularization,
                evaluateEvery,
                patience,
                precision,
                checkpointing,
                seed,
                device,
                newWork,
                resume);
    }

    /** Starts from MiniLM, all weights, 3 epochs of 32 rows of 128 tokens, rate 5e-5. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the components. */
    public static final class Builder {

        private String model = "minilm-l6";
        private Tuning tuning = Tuning.full();
        private int epochs = 3;
        private int batchSize = 32;
        private int accumulation = 1;
        private int maxLength = 128;
        private double learningRate = 5e-5;
        private double layerDecay = 1;
        private double weightDecay = 0.01;
        private double warmupShare = 0.06;
        private Regularization regularization = Regularization.NONE;
        private int evaluateEvery;
        private int patience;
        private Precision precision = Precision.FLOAT32;
        private boolean checkpointing;
        private long seed = 17;
        private Device device = Device.cpu();
        private Path work;
        private boolean resume;

        private Builder() {}

        /** Sets the pretrained model's name or folder. */
        public Builder optModel(String value) {
            model = value;
            return this;
        }

        /** Sets what learns. */
        public Builder optTuning(Tuning value) {
            tuning = value;
            return this;
        }

        /** Sets the passes over the training data. */
        public Builder optEpochs(int value) {
            epochs = value;
            return this;
        }

        /** Sets the rows of a batch. */
        public Builder optBatchSize(int value) {
            batchSize = value;
            return this;
        }

        /** Sets the batches of an optimizer step. */
        public Builder optAccumulation(int value) {
            accumulation = value;
            return this;
        }

        /** Sets the tokens of the longest text. */
        public Builder optMaxLength(int value) {
            maxLength = value;
            return this;
        }

        /** Sets the highest learning rate. */
        public Builder optLearningRate(double value) {
            learningRate = value;
            return this;
        }

        /** Sets the factor of the rate from a layer to the one below it; 1 by default. */
        public Builder optLayerDecay(double value) {
            layerDecay = value;
            return this;
        }

        /** Sets the weight decay. */
        public Builder optWeightDecay(double value) {
            weightDecay = value;
            return this;
        }

        /** Sets the share of warm-up steps. */
        public Builder optWarmupShare(double value) {
            warmupShare = value;
            return this;
        }

        /** Sets what keeps the model from learning texts by heart; nothing by default. */
        public Builder optRegularization(Regularization value) {
            regularization = value;
            return this;
        }

        /** Sets the steps between evaluations. */
        public Builder optEvaluateEvery(int value) {
            evaluateEvery = value;
            return this;
        }

        /** Sets the patience of early stopping. */
        public Builder optPatience(int value) {
            patience = value;
            return this;
        }

        /** Sets the number type of matrix products. */
        public Builder optPrecision(Precision value) {
            precision = value;
            return this;
        }

        /** Sets whether activations are computed again in the backward pass. */
        public Builder optCheckpointing(boolean value) {
            checkpointing = value;
            return this;
        }

        /** Sets the seed. */
        public Builder optSeed(long value) {
            seed = value;
            return this;
        }

        /** Sets the device. */
        public Builder optDevice(Device value) {
            device = value;
            return this;
        }

        /** Sets the folder of checkpoints and logs. */
        public Builder optWork(Path value) {
            work = value;
            return this;
        }

        /** Sets whether to go on from the last checkpoint. */
        public Builder optResume(boolean value) {
            resume = value;
            return this;
        }

        /** Builds the configuration. */
        public FineTuneConfig build() {
            return new FineTuneConfig(
                    model,
                    tuning,
                    epochs,
                    batchSize,
                    accumulation,
                    maxLength,
                    learningRate,
                    layerDecay,
                    weightDecay,
                    warmupShare,
                    regularization,
                    evaluateEvery,
                    patience,
                    precision,
                    checkpointing,
                    seed,
                    device,
                    work,
                    resume);
        }
    }
}
