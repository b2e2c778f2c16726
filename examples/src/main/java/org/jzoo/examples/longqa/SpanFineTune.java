package org.jzoo.examples.longqa;

import ai.djl.MalformedModelException;
import java.io.IOException;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.document.DocumentStatistics;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.ModelTuning;
import org.jzoo.examples.finetune.TuningLoop;
import org.jzoo.training.loop.Watch;
import org.jzoo.training.loss.SpanCrossEntropy;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.document.TextTokens;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelSource;
import org.jzoo.zoo.registry.Zoo;

/**
 * Trains a J3 to find answers in documents, judges it on documents it never saw, and hands it back.
 * It learns from excerpts of {@link FineTuneConfig#maxLength} tokens and is judged on whole
 * documents.
 */
public final class SpanFineTune extends ModelTuning {

    private static final double HEAD_DROPOUT = 0.1;

    private final FreshJ3 fresh;
    private final SpanSplit data;

    /**
     * Prepares a training.
     *
     * @param fresh what a fresh model looks like, or null to go on with the configuration's
     */
    public SpanFineTune(FreshJ3 fresh, FineTuneConfig config, SpanSplit data) {
        super(config);
        this.fresh = fresh;
        this.data = data;
    }

    @Override
    protected LoadedModel model() throws IOException, MalformedModelException {
        SpanTask task = new SpanTask(HEAD_DROPOUT);
        if (fresh != null) {
            return fresh.create("j3", task, config.seed(), config.device());
        }
        LoadedModel model = Zoo.load(config.model(), config.device());
        if (!(model.config().model() instanceof J3Config)) {
            String architecture = model.config().architecture();
            model.close();
            throw new IllegalArgumentException(
                    "model must be a J3, got %s, of the architecture %s"
                            .formatted(config.model(), architecture));
        }
        if (model.config().task() instanceof SpanTask) {
            return model;
        }
        model.close();
        return ModelSource.loadFor(config.model(), head -> task, config.device());
    }

    @Override
    protected FineTuned tune(LoadedModel model) {
        TextTokens tokens = TextTokens.of(model.tokenizer());
        J3Config numbers = (J3Config) model.config().model();
        SpanBatches train =
                new SpanBatches(
                        SpanData.whole(data.train().questions(), tokens),
                        config.batchSize(),
                        config.maxLength(),
                        Math.max(0, numbers.padding()),
                        config.seed());
        TuningLoop.Lesson lesson =
                new TuningLoop.Lesson(
                        (Part) model.block(),
                        train,
                        new SpanCrossEntropy(),
                        judge(model, data.validation()),
                        new Watch("answerF1", true));
        return learn(
                model,
                lesson,
                training::linear,
                judge(model, data.test()),
                config.precision(),
                "learned from excerpts of at most %d tokens".formatted(config.maxLength()));
    }

    private SpanJudge judge(LoadedModel model, SpanPart part) {
        return part.isEmpty() ? null : SpanJudge.of(model, part.questions(), config.device());
    }

    @Override
    public ModelCard.Builder describe(FineTuned tuned) {
        return SpanCard.of(config, fresh, data, tuned);
    }

    /** One line about the training data, for the start of a run. */
    public String description() {
        return "%s, %s: %s"
                .formatted(
                        fresh == null ? "model " + config.model() : "a fresh J3",
                        data.train().name(),
                        DocumentStatistics.of(data.train().questions()));
    }
}
