package org.jzoo.training.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.LayerSpan;

/**
 * What one forward pass needs and what its outcome is compared with.
 *
 * @param inputs the model's inputs
 * @param labels the loss's labels, possibly empty
 * @param mask goes to the context: (B, T) or (B, T, S) booleans, true means attend; null for none
 * @param positions goes to the context: (T) or (B, T) int64; null for 0 … T-1
 * @param examples the number of examples, at least 1
 * @param tokens the number of tokens that are no padding, 0 where there are no tokens
 * @param weight the number of items over which the loss is a mean, positive; batches whose
 *     gradients are accumulated count in proportion
 * @param rows which rows of the source the batch holds, for error messages; possibly empty
 * @param span goes to the context: which of the model's layers run; null for all
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of tensors: equality is never asked for.
public record TrainingBatch(
        NDList inputs,
        NDList labels,
        NDArray mask,
        NDArray positions,
        long examples,
        long tokens,
        double weight,
        long[] rows,
        LayerSpan span) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public TrainingBatch {
        Objects.requireNonNull(inputs, "inputs");
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(rows, "rows");
        if (examples < 1 || tokens < 0 || !(weight > 0)) {
            throw new IllegalArgumentException(
                    "examples must be >= 1, tokens >= 0 and weight > 0, got examples=%d, tokens=%d,"
                                    .formatted(examples, tokens)
                            + " weight="
                            + weight);
        }
    }

    /** What a forward pass over this batch is told. */
    public ForwardContext context(Precision precision) {
        return new ForwardContext()
                .withMask(mask)
                .withPositions(positions)
                .withPrecision(precision)
                .withSpan(span);
    }

    /** The same batch with other labels. */
    public TrainingBatch withLabels(NDList others) {
        return new TrainingBatch(
                inputs, others, mask, positions, examples, tokens, weight, rows, span);
    }

    /** The same batch with another mask. */
    public TrainingBatch withMask(NDArray other) {
        return new TrainingBatch(
                inputs, labels, other, positions, examples, tokens, weight, rows, span);
    }

    /** The same batch for some of the model's layers. */
    public TrainingBatch withSpan(LayerSpan layers) {
        return new TrainingBatch(
                inputs, labels, mask, positions, examples, tokens, weight, rows, layers);
    }

    /** Collects a batch. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a {@link TrainingBatch}. */
    public static final class Builder {

        private NDList inputs;
        private NDList labels = new NDList();
        private NDArray mask;
        private NDArray positions;
        private long examples;
        private long tokens;
        private double weight;
        private long[] rows = {};

        private Builder() {}

        /** Sets {@link TrainingBatch#inputs()}. */
        public Builder setInputs(NDList value) {
            inputs = value;
            return this;
        }

        /** Sets {@link TrainingBatch#examples()}. */
        public Builder setExamples(long value) {
            examples = value;
            return this;
        }

        /** Sets {@link TrainingBatch#labels()}; empty by default. */
        public Builder optLabels(NDList value) {
            labels = value;
            return this;
        }

        /** Sets {@link TrainingBatch#mask()}; none by default. */
        public Builder optMask(NDArray value) {
            mask = value;
            return this;
        }

        /** Sets {@link TrainingBatch#positions()}; none by default. */
        public Builder optPositions(NDArray value) {
            positions = value;
            return this;
        }

        /** Sets {@link TrainingBatch#tokens()}; 0 by default. */
        public Builder optTokens(long value) {
            tokens = value;
            return this;
        }

        /** Sets {@link TrainingBatch#weight()}; the number of examples by default. */
        public Builder optWeight(double value) {
            weight = value;
            return this;
        }

        /** Sets {@link TrainingBatch#rows()}; empty by default. */
        public Builder optRows(long... value) {
            rows = value.clone();
            return this;
        }

        /** Validates and builds. */
        public TrainingBatch build() {
            return new TrainingBatch(
                    inputs,
                    labels,
                    mask,
                    positions,
                    examples,
                    tokens,
                    weight == 0 ? examples : weight,
                    rows,
                    null);
        }
    }
}
