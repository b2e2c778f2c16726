package org.jzoo.examples.recipe;

import java.nio.file.Path;
import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.zoo.j1.J1Size;

/**
 * The numbers of a {@link VqaRun}.
 *
 * @param variant what is trained
 * @param data what it is trained and tested on
 * @param size of the model
 * @param seed of weights, order, dropout and data
 * @param epochs passes over the training pictures, at least 1
 * @param pictures how many training pictures are used, at least 1
 * @param batchPictures pictures of a batch, each with all its questions, at least 1
 * @param learningRate the highest, positive
 * @param weightDecay of AdamW, at least 0
 * @param lost share of the questions whose picture is taken away while training, and of those that
 *     are taken away themselves; as many get noise for a picture, or an empty question, half as
 *     often each
 * @param teaching weight of the gate's own loss on noise and empty questions, at least 0
 * @param mirrored whether training pictures are mirrored at random, with the answers about sides
 * @param precision of matrix products
 * @param saveTo the folder that the trained model is saved in; null for none
 * @param work the folder of the training's checkpoints, from whose last one it goes on; null for
 *     none
 */
public record VqaConfig(
        VqaVariant variant,
        VqaData data,
        J1Size size,
        long seed,
        int epochs,
        int pictures,
        int batchPictures,
        double learningRate,
        double weightDecay,
        double lost,
        double teaching,
        boolean mirrored,
        Precision precision,
        Path saveTo,
        Path work) {

    /** Pictures of a batch, usually. */
    public static final int BATCH_PICTURES = 64;

    /** The highest learning rate, usually. */
    public static final double LEARNING_RATE = 3e-4;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range
     */
    public VqaConfig {
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(size, "size");
        Objects.requireNonNull(precision, "precision");
        if (epochs < 1 || pictures < 1 || batchPictures < 1) {
            throw new IllegalArgumentException(
                    "epochs, pictures and batchPictures must be >= 1, got epochs=%d, pictures=%d,"
                                    .formatted(epochs, pictures)
                            + " batchPictures="
                            + batchPictures);
        }
        if (!(learningRate > 0) || !(weightDecay >= 0) || !(teaching >= 0)) {
            throw new IllegalArgumentException(
                    "learningRate must be > 0, weightDecay and teaching >= 0, got learningRate=%s,"
                                    .formatted(learningRate)
                            + " weightDecay=%s, teaching=%s".formatted(weightDecay, teaching));
        }
        if (mirrored && !data.canMirror()) {
            throw new IllegalArgumentException(
                    "mirrored must be false for %s, got mirrored=true".formatted(data.title()));
        }
        if (!(lost >= 0 && lost < 1.0 / 3)) {
            throw new IllegalArgumentException("lost must be in [0, 1/3), got lost=" + lost);
        }
    }

    /** The usual numbers for a variant on Sort-of-CLEVR. */
    public static Builder builder(VqaVariant variant) {
        return builder(variant, new ShapeQuestions());
    }

    /** The usual numbers for a variant on these data. */
    public static Builder builder(VqaVariant variant, VqaData data) {
        return new Builder(variant, data);
    }

    /** Collects the components. */
    public static final class Builder {

        private final VqaVariant variant;
        private final VqaData data;
        private J1Size size;
        private long seed = 17;
        private int epochs;
        private int pictures;
        private int batchPictures = BATCH_PICTURES;
        private double learningRate = LEARNING_RATE;
        private double weightDecay = 0.05;
        private double lost = 0.05;
        private double teaching = 0.1;
        private boolean mirrored;
        private Precision precision = Precision.FLOAT32;
        private Path saveTo;
        private Path work;

        private Builder(VqaVariant variant, VqaData data) {
            this.variant = variant;
            this.data = data;
            size = data.size();
            epochs = data.epochs();
            pictures = data.pictures();
        }

        /** Sets {@link VqaConfig#size()}; the data's usual one by default. */
        public Builder optSize(J1Size value) {
            size = value;
            return this;
        }

        /** Sets {@link VqaConfig#seed()}; 17 by default. */
        public Builder optSeed(long value) {
            seed = value;
            return this;
        }

        /** Sets {@link VqaConfig#epochs()}; the data's usual number by default. */
        public Builder optEpochs(int value) {
            epochs = value;
            return this;
        }

        /** Sets {@link VqaConfig#pictures()}; the data's usual number by default. */
        public Builder optPictures(int value) {
            pictures = value;
            return this;
        }

        /** Sets {@link VqaConfig#batchPictures()}; 64 by default. */
        public Builder optBatchPictures(int value) {
            batchPictures = value;
            return this;
        }

        /** Sets {@link VqaConfig#learningRate()}; 3e-4 by default. */
        public Builder optLearningRate(double value) {
            learningRate = value;
            return this;
        }

        /** Sets {@link VqaConfig#weightDecay()}; 0.05 by default. */
        public Builder optWeightDecay(double value) {
            weightDecay = value;
            return this;
        }

        /** Sets {@link VqaConfig#lost()}; 0.05 by default. */
        public Builder optLost(double value) {
            lost = value;
            return this;
        }

        /** Sets {@link VqaConfig#teaching()}; 0.1 by default. */
        public Builder optTeaching(double value) {
            teaching = value;
            return this;
        }

        /** Sets {@link VqaConfig#mirrored()}; false by default. */
        public Builder optMirrored(boolean value) {
            mirrored = value;
            return this;
        }

        /** Sets {@link VqaConfig#precision()}; float32 by default. */
        public Builder optPrecision(Precision value) {
            precision = value;
            return this;
        }

        /** Sets {@link VqaConfig#saveTo()}; nowhere by default. */
        public Builder optSaveTo(Path value) {
            saveTo = value;
            return this;
        }

        /** Sets {@link VqaConfig#work()}; nowhere by default. */
        public Builder optWork(Path value) {
            work = value;
            return this;
        }

        /** Validates and builds. */
        public VqaConfig build() {
            return new VqaConfig(
                    variant,
                    data,
                    size,
                    seed,
                    epochs,
                    pictures,
                    batchPictures,
                    learningRate,
                    weightDecay,
                    lost,
                    teaching,
                    mirrored,
                    precision,
                    saveTo,
                    work);
        }
    }
}
