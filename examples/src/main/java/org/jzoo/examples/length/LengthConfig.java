package org.jzoo.examples.length;

import java.util.List;
import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;

/**
 * The numbers of a comparison: the same for every scheme.
 *
 * @param model sizes
 * @param training at the short length
 * @param judging at all lengths
 * @param precision of matrix products
 */
public record LengthConfig(Model model, Training training, Judging judging, Precision precision) {

    /**
     * Sizes of the model.
     *
     * @param dim width (D), a multiple of heads
     * @param numLayers layers (L), at least 1
     * @param numHeads heads (H), at least 1
     */
    public record Model(int dim, int numLayers, int numHeads) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Model {
            if (dim < 1 || numLayers < 1 || numHeads < 1 || dim % (2 * numHeads) != 0) {
                throw new IllegalArgumentException(
                        "dim must be a multiple of 2 * numHeads and numLayers >= 1, got dim=%d, numHeads=%d, numLayers=%d"
                                .formatted(dim, numHeads, numLayers));
            }
        }
    }

    /**
     * How it is trained.
     *
     * @param length characters of a window, at least 2
     * @param batchSize windows of a step, at least 1
     * @param steps optimizer steps, at least 1; the first 5 % warm up, then half a cosine
     * @param learningRate the highest rate
     */
    public record Training(int length, int batchSize, int steps, double learningRate) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Training {
            if (length < 2 || batchSize < 1 || steps < 1 || !(learningRate > 0)) {
                throw new IllegalArgumentException(
                        "length must be >= 2, batchSize and steps >= 1, learningRate > 0, got length=%d, batchSize=%d, steps=%d, learningRate=%s"
                                .formatted(length, batchSize, steps, learningRate));
            }
        }
    }

    /**
     * How it is judged: the same characters are predicted at every length, with more text before
     * them.
     *
     * @param windows places in held-out texts, at least 1
     * @param targets characters predicted at each, at least 1 and at most the shortest length
     * @param lengths characters read, those that are predicted included
     * @param batchTokens characters that go through the model at once, at least the longest length
     */
    public record Judging(int windows, int targets, List<Integer> lengths, int batchTokens) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Judging {
            lengths = lengths.stream().sorted().toList();
            if (windows < 1
                    || targets < 1
                    || lengths.isEmpty()
                    || targets > lengths.get(0)
                    || batchTokens < lengths.get(lengths.size() - 1)) {
                throw new IllegalArgumentException(
                        "windows must be >= 1, targets in [1, shortest length], batchTokens >= longest length, got windows=%d, targets=%d, lengths=%s, batchTokens=%d"
                                .formatted(windows, targets, lengths, batchTokens));
            }
        }

        /** The longest length. */
        public int longest() {
            return lengths.get(lengths.size() - 1);
        }
    }

    /** Validates. */
    public LengthConfig {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(training, "training");
        Objects.requireNonNull(judging, "judging");
        Objects.requireNonNull(precision, "precision");
    }

    /** 4.8 million parameters, trained at 512 characters, judged up to 8,192: for a GPU. */
    public static LengthConfig full() {
        return new LengthConfig(
                new Model(256, 6, 4),
                new Training(512, 32, 1500, 1e-3),
                new Judging(128, 512, List.of(512, 1024, 2048, 4096, 8192), 65_536),
                Precision.BFLOAT16);
    }

    /** A tiny form that shows on two cores in seconds a run that everything works. */
    public static LengthConfig smoke() {
        return new LengthConfig(
                new Model(32, 2, 2),
                new Training(64, 8, 30, 3e-3),
                new Judging(8, 64, List.of(64, 128, 256), 2048),
                Precision.FLOAT32);
    }

    /** The same with products in another precision. */
    public LengthConfig withPrecision(Precision value) {
        return new LengthConfig(model, training, judging, value);
    }

    /** The same trained at another length, on as many characters a step. */
    public LengthConfig withLength(int length) {
        int all = training.length() * training.batchSize();
        return new LengthConfig(
                model,
                new Training(
                        length,
                        Math.max(1, all / length),
                        training.steps(),
                        training.learningRate()),
                judging,
                precision);
    }

    /** The same with another way of judging. */
    public LengthConfig withJudging(Judging value) {
        return new LengthConfig(model, training, value, precision);
    }

    /** The same with another number of steps. */
    public LengthConfig withSteps(int steps) {
        return new LengthConfig(
                model,
                new Training(
                        training.length(), training.batchSize(), steps, training.learningRate()),
                judging,
                precision);
    }
}
