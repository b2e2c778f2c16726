package org.jzoo.examples.quantize;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextEncoding;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.Judge;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;

/**
 * How good a text model is on test data: metrics by labels; for a model that makes vectors, their
 * mean cosine to those that it made at first.
 */
public final class QualityCheck {

    private static final int MOST_VECTORS = 256;

    private final TextSource test;
    private final int maxLength;
    private float[][] vectors;

    /**
     * Prepares.
     *
     * @param test with labels if the task has some
     * @param maxLength tokens of the longest text
     */
    public QualityCheck(TextSource test, int maxLength) {
        this.test = test;
        this.maxLength = maxLength;
    }

    /** Measures; the first model's vectors are those that later ones are compared with. */
    public Map<String, Double> of(LoadedModel model) {
        Task task = model.config().task();
        if (task instanceof EmbeddingTask) {
            return Map.of("cosine", cosine(model));
        }
        if (!(task instanceof ClassificationTask) && !(task instanceof RegressionTask)) {
            throw new IllegalArgumentException(
                    "task must be classification, regression or embedding to be tested, got task="
                            + task);
        }
        int limit = Math.min(maxLength, model.config().textModel().maxLength());
        LabelSet labels = task instanceof ClassificationTask c ? LabelSet.of(c.labels()) : null;
        try (TextTokenizer tokenizer = model.tokenizer().withMaxLength(limit);
                EncodedDataset set = encode(model, tokenizer, labels)) {
            return new LinkedHashMap<>(
                    Judge.of(set, labels).evaluate(model.block(), Precision.FLOAT32));
        }
    }

    private EncodedDataset encode(LoadedModel model, TextTokenizer tokenizer, LabelSet labels) {
        TextEncoding encoding = FineTune.encoding(tokenizer, model.config().textModel().padding());
        return labels == null
                ? EncodedDataset.regression(test, encoding)
                : EncodedDataset.classification(test, encoding, labels);
    }

    private double cosine(LoadedModel model) {
        List<String> texts;
        try (Stream<TextExample> examples = test.stream()) {
            texts = examples.limit(MOST_VECTORS).map(TextExample::text).toList();
        }
        float[][] now = model.embed(texts);
        if (vectors == null) {
            vectors = now;
        }
        double sum = 0;
        for (int i = 0; i < now.length; i++) {
            sum += cosine(vectors[i], now[i]);
        }
        return sum / now.length;
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            first += (double) a[i] * a[i];
            second += (double) b[i] * b[i];
        }
        return product / Math.sqrt(first * second);
    }
}
