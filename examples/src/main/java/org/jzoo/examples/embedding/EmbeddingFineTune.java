package org.jzoo.examples.embedding;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.util.List;
import org.jzoo.blocks.part.Part;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.ModelTuning;
import org.jzoo.examples.finetune.TuningLoop;
import org.jzoo.examples.language.LanguageText;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.training.loop.Watch;
import org.jzoo.training.loss.ContrastivePairs;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.document.TextFrame;
import org.jzoo.zoo.document.TextTokens;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelSource;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Pooling;

/**
 * Teaches a J3 to make vectors of documents, without labels: two parts of one document are to be
 * nearer to each other than to parts of the batch's other documents. It learns from parts of {@link
 * FineTuneConfig#maxLength} tokens and is judged by halves of documents that it never saw.
 *
 * @see <a href="https://arxiv.org/abs/2201.10005">Neelakantan et al. 2022</a>, section 3.1, where
 *     neighbouring pieces of text are the pairs, too
 */
public final class EmbeddingFineTune extends ModelTuning {

    private static final double TEMPERATURE = 0.05;

    private final FreshJ3 fresh;
    private final EmbeddingData data;

    /**
     * Prepares a training.
     *
     * @param fresh what a fresh model looks like, or null to go on with the configuration's
     */
    public EmbeddingFineTune(FreshJ3 fresh, FineTuneConfig config, EmbeddingData data) {
        super(config);
        this.fresh = fresh;
        this.data = data;
    }

    @Override
    protected LoadedModel model() throws IOException, MalformedModelException {
        EmbeddingTask task = new EmbeddingTask(Pooling.MEAN, true);
        return fresh == null
                ? ModelSource.loadFor(config.model(), head -> task, config.device())
                : fresh.create("j3", task, config.seed(), config.device());
    }

    @Override
    protected FineTuned tune(LoadedModel model) {
        if (!(model.config().model() instanceof J3Config)) {
            throw new IllegalArgumentException(
                    "model must be a J3, got %s, of the architecture %s"
                            .formatted(config.model(), model.config().architecture()));
        }
        TextTokens tokens = TextTokens.of(model.tokenizer());
        ExcerptPairs pairs =
                new ExcerptPairs(
                        data.train().documents().stream().map(d -> tokens.of(d).ids()).toList(),
                        TextFrame.of(model.tokenizer()),
                        config.batchSize(),
                        config.maxLength(),
                        Math.max(0, model.config().textModel().padding()),
                        config.seed());
        TuningLoop.Lesson lesson =
                new TuningLoop.Lesson(
                        (Part) model.block(),
                        pairs,
                        new ContrastivePairs(TEMPERATURE),
                        judge(model, data.validation()),
                        new Watch(HalvesJudge.RANK, true));
        return learn(
                model,
                lesson,
                training::linear,
                data.test().documents().isEmpty() ? null : judge(model, data.test()),
                config.precision(),
                "learned from pairs of parts of at most %d tokens".formatted(config.maxLength()));
    }

    private static HalvesJudge judge(LoadedModel model, LanguageText text) {
        return new HalvesJudge(model, List.copyOf(text.documents()));
    }

    @Override
    public ModelCard.Builder describe(FineTuned tuned) {
        return EmbeddingCard.of(config, fresh, data, tuned);
    }

    /** One line about the training data, for the start of a run. */
    public String description() {
        return "%s, %s: %,d documents"
                .formatted(
                        fresh == null ? "model " + config.model() : "a fresh J3",
                        data.train().name(),
                        data.train().documents().size());
    }
}
