package org.jzoo.examples.lite;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.TextBatches;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.examples.recipe.ShortTraining;
import org.jzoo.training.compression.distillation.ChangedTexts;
import org.jzoo.training.compression.distillation.Distillation;
import org.jzoo.training.compression.distillation.InternalDistillation;
import org.jzoo.training.compression.distillation.InternalTerm;
import org.jzoo.training.compression.distillation.TaughtInternals;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loss.Loss;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.text.TextTokenizer;

/** The ways in which students learn. */
final class LiteTraining {

    private static final double GENERAL_RATE = 1e-3;
    private static final double TASK_RATE = 5e-4;
    private static final double QUANT_RATE = 2e-4;
    private static final double LABEL_RATE = 2e-4;
    private static final double WARMUP = 0.05;
    private static final double HIDDEN_WEIGHT = 10;

    private final LiteConfig config;
    private final long seed;

    LiteTraining(LiteConfig config, long seed) {
        this.config = config;
        this.seed = seed;
    }

    /** A student takes on the teacher's hidden states on many texts. */
    void general(LoadedModel student, LoadedModel teacher, List<Integer> kept, TextSource texts) {
        List<InternalTerm> terms = terms(teacher, kept);
        try (EncodedDataset data = unlabelled(texts, teacher)) {
            Batches batches =
                    new TextBatches(data, BatchingConfig.training(config.generalBatch(), seed));
            run(
                    student,
                    taught(batches, teacher, terms),
                    new InternalDistillation(null, terms),
                    GENERAL_RATE,
                    config.generalSteps());
        }
    }

    /** What a student learns of a task: a loss, and batches with the teacher's word in them. */
    record Lessons(Batches batches, Loss loss, AutoCloseable first, AutoCloseable second)
            implements AutoCloseable {
        @Override
        public void close() throws Exception {
            first.close();
            if (second != null) {
                second.close();
            }
        }
    }

    /** A task's texts, changed at random, in turns with those of other tasks; no labels. */
    Lessons lessons(
            LoadedModel teacher,
            List<Integer> kept,
            TextData own,
            TextSource others,
            long[] fixed) {
        List<InternalTerm> terms = terms(teacher, kept);
        EncodedDataset first = unlabelled(own.train(), teacher);
        EncodedDataset second = unlabelled(others, teacher);
        BatchingConfig batching = BatchingConfig.training(LiteConfig.TASK_BATCH, seed);
        Batches mixed =
                new ChangedTexts(
                        new InTurns(
                                new TextBatches(first, batching),
                                new TextBatches(second, batching)),
                        fixed,
                        ChangedTexts.ChangeRule.USUAL,
                        seed);
        Loss loss = new InternalDistillation(new Distillation(own.loss(), 0, 1), terms);
        return new Lessons(taught(mixed, teacher, terms), loss, first, second);
    }

    /** A task's labels. */
    Lessons labelled(LoadedModel model, TextData own) {
        EncodedDataset data = own.encoded(own.train(), model, LiteConfig.MAX_LENGTH);
        Batches batches =
                new TextBatches(data, BatchingConfig.training(LiteConfig.TASK_BATCH, seed));
        return new Lessons(batches, own.loss(), data, null);
    }

    /** Lets a student learn from a teacher; of the task's labels at most ten times each. */
    void task(LoadedModel student, Lessons lessons, boolean fromLabels) {
        int steps =
                fromLabels
                        ? Math.min(config.taskSteps(), 10 * lessons.batches().size(0))
                        : config.taskSteps();
        run(student, lessons.batches(), lessons.loss(), fromLabels ? LABEL_RATE : TASK_RATE, steps);
    }

    /** Goes on with rounded weights. */
    void rounded(LoadedModel student, Lessons lessons) {
        run(student, lessons.batches(), lessons.loss(), QUANT_RATE, config.quantSteps());
    }

    private static List<InternalTerm> terms(LoadedModel teacher, List<Integer> kept) {
        int layers = LiteStudents.layers(teacher);
        return InternalTerm.hidden(kept, layers, HIDDEN_WEIGHT);
    }

    private Batches taught(Batches batches, LoadedModel teacher, List<InternalTerm> terms) {
        return new TaughtInternals(batches, teacher.block(), terms, config.precision());
    }

    private static EncodedDataset unlabelled(TextSource texts, LoadedModel model) {
        try (TextTokenizer tokenizer = model.tokenizer().withMaxLength(LiteConfig.MAX_LENGTH)) {
            return EncodedDataset.unlabelled(
                    texts, FineTune.encoding(tokenizer, model.config().textModel().padding()));
        }
    }

    private void run(LoadedModel student, Batches batches, Loss loss, double rate, int steps) {
        new ShortTraining(steps, rate, WARMUP, config.precision(), seed)
                .run((Part) student.block(), batches, loss);
    }

    /** Batches of one source and of another in turns; an epoch is the first one's. */
    private record InTurns(Batches first, Batches second) implements Batches {

        @Override
        public int size(int epoch) {
            return 2 * first.size(epoch);
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager manager) {
            if (index % 2 == 0) {
                return first.batch(epoch, index / 2, manager);
            }
            int number = epoch * first.size(0) + index / 2;
            int round = number / second.size(0);
            return second.batch(round, number % second.size(0) % second.size(round), manager);
        }
    }
}
