package org.jzoo.examples.pruning;

import java.util.Map;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.batch.Batch;
import org.jzoo.datasets.batch.BatchPlan;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.examples.finetune.Judge;
import org.jzoo.examples.finetune.TextBatches;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.examples.recipe.ShortTraining;
import org.jzoo.training.compression.distillation.Distillation;
import org.jzoo.training.compression.distillation.TaughtBatches;
import org.jzoo.training.compression.pruning.ChannelVariance;
import org.jzoo.training.compression.pruning.FirstOrder;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loss.Loss;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * A task's texts in the tokens of a teacher, with its labels and with what the teacher says: all
 * that pruned models are measured by and learn from.
 */
final class TaughtTask implements AutoCloseable {

    private static final int BATCH = 64;
    private static final int IMPORTANCE_BATCH = 8;
    private static final int IMPORTANCE_BATCHES = 64;
    private static final double LABEL_SHARE = 0.3;
    private static final double TEMPERATURE = 2;
    private static final double RATE = 2e-4;
    private static final double WARMUP = 0.06;

    private final PruningConfig config;
    private final long seed;
    private final LoadedModel teacher;
    private final TextData data;
    private final EncodedDataset train;
    private final EncodedDataset test;
    private final Loss labels;
    private final Loss loss;
    private final Batches batches;

    /** Reads the texts; the teacher stays open, and in use. */
    TaughtTask(PruningConfig config, LoadedModel teacher, TextData data, long seed) {
        this.config = config;
        this.seed = seed;
        this.teacher = teacher;
        this.data = data;
        train = data.encoded(data.train(), teacher, PruningConfig.MAX_LENGTH);
        test = data.encoded(data.test(), teacher, PruningConfig.MAX_LENGTH);
        labels = data.loss();
        loss = new Distillation(labels, LABEL_SHARE, TEMPERATURE);
        batches =
                new TaughtBatches(
                        new TextBatches(train, BatchingConfig.training(BATCH, seed)),
                        teacher.block(),
                        config.precision());
    }

    LoadedModel teacher() {
        return teacher;
    }

    /** Of labels and of what the teacher says. */
    Loss loss() {
        return loss;
    }

    /** The training texts, with what the teacher says. */
    Batches batches() {
        return batches;
    }

    /** First-order importance by the labels. */
    StackImportance importance(LoadedModel model) {
        return new FirstOrder(labels, few(), IMPORTANCE_BATCHES).of((Part) model.block());
    }

    /** The variances of channels, (L, F). */
    double[][] variances(LoadedModel model) {
        return new ChannelVariance(few(), IMPORTANCE_BATCHES).of((Part) model.block());
    }

    private TextBatches few() {
        return new TextBatches(train, BatchingConfig.training(IMPORTANCE_BATCH, seed));
    }

    /** How often each token occurs in the training texts. */
    long[] counts(int vocabularySize) {
        long[] counts = new long[vocabularySize];
        BatchPlan plan = train.plan(BatchingConfig.evaluation(BATCH), 0);
        for (Batch batch : train.batches(plan, 0)) {
            for (int i = 0; i < batch.ids().length; i++) {
                counts[(int) batch.ids()[i]] += batch.mask()[i];
            }
        }
        return counts;
    }

    /** Trains a model. */
    void train(LoadedModel model, int steps) {
        train(model, steps, new TrainingCallback() {});
    }

    /** The same; the callback hears of each step. */
    void train(LoadedModel model, int steps, TrainingCallback callback) {
        new ShortTraining(steps, RATE, WARMUP, config.precision(), seed)
                .run((Part) model.block(), batches, loss, callback);
    }

    /** Metrics on the development set. */
    Map<String, Double> judge(LoadedModel model) {
        return Judge.of(test, data.labels()).evaluate(model.block(), Precision.FLOAT32);
    }

    @Override
    public void close() {
        train.close();
        test.close();
    }
}
