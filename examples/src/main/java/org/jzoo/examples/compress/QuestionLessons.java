package org.jzoo.examples.compress;

import java.util.Map;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.Part;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.examples.finetune.Judge;
import org.jzoo.examples.finetune.PictureCache;
import org.jzoo.examples.finetune.QuestionBatches;
import org.jzoo.examples.finetune.QuestionData;
import org.jzoo.examples.finetune.QuestionFineTune;
import org.jzoo.examples.finetune.Teaching;
import org.jzoo.training.compression.pruning.FirstOrder;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * Questions about pictures for a J1 that answers them.
 *
 * @param data with the model's answers
 * @param training its seed is read
 */
record QuestionLessons(QuestionData data, FineTuneConfig training) implements Lessons {

    private static final int IMPORTANCE_BATCH = 8;
    private static final int TEST_BATCH = 64;

    static void requireAnswers(LoadedModel model) {
        if (!CompressedTask.answersQuestions(model)
                || !(model.config().model() instanceof J1Config j1)
                || !j1.hasBoth()) {
            throw new IllegalArgumentException(
                    "model must be a J1 that answers questions about pictures and reads both, got"
                            + " the architecture %s with the task %s"
                                    .formatted(
                                            model.config().architecture(),
                                            model.config().task().getClass().getSimpleName()));
        }
    }

    @Override
    public Map<String, StackImportance> importance(LoadedModel model, int batches) {
        return new FirstOrder(
                        new CrossEntropy(),
                        QuestionBatches.training(
                                data.train(),
                                data.answers(),
                                pictures(model),
                                reader(model),
                                IMPORTANCE_BATCH,
                                training.seed()),
                        batches)
                .ofAll((Part) model.block());
    }

    @Override
    public FineTuning training(FineTuneConfig how, LoadedModel student, Teaching teaching) {
        return QuestionFineTune.from(how, data).startingFrom(student).taughtBy(teaching);
    }

    @Override
    public Map<String, Double> measure(LoadedModel model) {
        if (data.test() == null) {
            return Map.of();
        }
        QuestionBatches test =
                QuestionBatches.evaluation(
                        data.test(), data.answers(), pictures(model), reader(model), TEST_BATCH);
        return Judge.of(test, data.answers()).evaluate(model.block(), Precision.FLOAT32);
    }

    @Override
    public long numTested() {
        return data.test() == null ? 0 : data.test().rows().size();
    }

    private static PictureCache pictures(LoadedModel model) {
        return new PictureCache(
                ((J1Config) model.config().model()).preprocessing(), QuestionFineTune.KEPT_BYTES);
    }

    private static QuestionBatches.Reader reader(LoadedModel model) {
        return new QuestionBatches.Reader(model.tokenizer(), model.config().textModel().padding());
    }
}
