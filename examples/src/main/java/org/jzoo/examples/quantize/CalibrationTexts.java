package org.jzoo.examples.quantize;

import ai.djl.ndarray.NDManager;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.TextBatches;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.loss.SquaredError;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;

/** A few texts that show a model's maps what they are given. */
public final class CalibrationTexts implements AutoCloseable {

    private static final int BATCH = 16;

    private final TextTokenizer tokenizer;
    private final EncodedDataset set;
    private final Batches batches;
    private final Loss loss;

    private CalibrationTexts(
            TextTokenizer tokenizer, EncodedDataset set, Batches batches, Loss loss) {
        this.tokenizer = tokenizer;
        this.set = set;
        this.batches = batches;
        this.loss = loss;
    }

    /**
     * Draws texts.
     *
     * @param model that will read them
     * @param texts with the labels of the model's task; a model without such a task needs none
     * @param count texts to use, in whole batches of {@value #BATCH}, at least 1
     * @param maxLength tokens of the longest
     * @param seed of the choice
     */
    public static CalibrationTexts of(
            LoadedModel model, TextSource texts, int count, int maxLength, long seed) {
        int limit = model.config().textModel().maxLength();
        TextTokenizer tokenizer = model.tokenizer().withMaxLength(Math.min(limit, maxLength));
        EncodedDataset set =
                encode(
                        model.config().task(),
                        texts,
                        tokenizer,
                        model.config().textModel().padding());
        Batches all = new TextBatches(set, BatchingConfig.training(BATCH, seed));
        int wanted = (count + BATCH - 1) / BATCH;
        Batches few =
                new Batches() {
                    @Override
                    public int size(int epoch) {
                        return Math.min(wanted, all.size(0));
                    }

                    @Override
                    public TrainingBatch batch(int epoch, int index, NDManager manager) {
                        return all.batch(0, index, manager);
                    }
                };
        return new CalibrationTexts(tokenizer, set, few, loss(model.config().task()));
    }

    private static EncodedDataset encode(
            Task task, TextSource texts, TextTokenizer tokenizer, int padding) {
        return task instanceof ClassificationTask classes
                ? EncodedDataset.classification(
                        texts, FineTune.encoding(tokenizer, padding), LabelSet.of(classes.labels()))
                : task instanceof RegressionTask
                        ? EncodedDataset.regression(texts, FineTune.encoding(tokenizer, padding))
                        : EncodedDataset.unlabelled(texts, FineTune.encoding(tokenizer, padding));
    }

    private static Loss loss(Task task) {
        if (task instanceof ClassificationTask) {
            return new CrossEntropy();
        }
        return task instanceof RegressionTask ? new SquaredError() : null;
    }

    /** The texts in batches. */
    public Batches batches() {
        return batches;
    }

    /** The loss of the model's task; null if it has none. */
    public Loss loss() {
        return loss;
    }

    @Override
    public void close() {
        set.close();
        tokenizer.close();
    }
}
