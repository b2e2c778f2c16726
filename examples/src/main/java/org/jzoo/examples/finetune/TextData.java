package org.jzoo.examples.finetune;

import java.util.Map;
import java.util.Objects;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextEncoding;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.loss.SquaredError;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.text.TextTokenizer;

/**
 * What a model is tuned and judged on.
 *
 * @param name what cards and logs call it
 * @param hash SHA-256 of its content, for cards; empty if unknown
 * @param train learned from
 * @param validation watched while training; null for none
 * @param test judged once at the end; null for none
 * @param labels the classes; null if labels are numbers
 * @param pair whether each example is two texts
 */
public record TextData(
        String name,
        String hash,
        TextSource train,
        TextSource validation,
        TextSource test,
        LabelSet labels,
        boolean pair) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if labels and targets do not fit
     */
    public TextData {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(train, "train");
        if ((train.target() == TargetKind.CLASS) != (labels != null)) {
            throw new IllegalArgumentException(
                    "labels must be there exactly when targets are classes, got labels=%s, target=%s"
                            .formatted(labels, train.target()));
        }
    }

    /** The same data with labels in another order, or with labels that do not occur in them. */
    public TextData withLabels(LabelSet others) {
        return new TextData(name, hash, train, validation, test, others, pair);
    }

    /** Whether labels are numbers. */
    public boolean regression() {
        return labels == null;
    }

    /** What a model's outputs are compared with labels by. */
    public Loss loss() {
        return loss(0);
    }

    /** The same with a share of each label spread over all labels; numbers have none. */
    Loss loss(double smoothing) {
        return regression() ? new SquaredError() : new CrossEntropy(smoothing, null);
    }

    /**
     * Encodes texts with their labels; the caller closes the result.
     *
     * @param source of these data
     * @param encoding into tokens
     */
    EncodedDataset encoded(TextSource source, TextEncoding encoding) {
        return regression()
                ? EncodedDataset.regression(source, encoding)
                : EncodedDataset.classification(source, encoding, labels);
    }

    /**
     * The same in the tokens of a model.
     *
     * @param maxLength of a text, in tokens
     */
    public EncodedDataset encoded(TextSource source, LoadedModel model, int maxLength) {
        try (TextTokenizer tokenizer = model.tokenizer().withMaxLength(maxLength)) {
            int padding = model.config().textModel().padding();
            return encoded(source, FineTune.encoding(tokenizer, padding));
        }
    }

    /**
     * Metrics of a model on the test texts; none if there are none.
     *
     * @param maxLength of a text, in tokens
     * @param precision of matrix products
     */
    public Map<String, Double> judge(LoadedModel model, int maxLength, Precision precision) {
        if (test == null) {
            return Map.of();
        }
        try (EncodedDataset texts = encoded(test, model, maxLength)) {
            return Judge.of(texts, labels).evaluate(model.block(), precision);
        }
    }
}
