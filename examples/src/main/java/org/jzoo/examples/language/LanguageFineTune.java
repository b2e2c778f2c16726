package org.jzoo.examples.language;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.util.List;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.text.DataException;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.ModelTuning;
import org.jzoo.examples.finetune.TuningLoop;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.training.loop.Watch;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.document.TextTokens;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.task.CausalLanguageTask;

/**
 * Trains a causal language model on plain text: a fresh J3, or any model that continues texts. It
 * learns windows of {@link FineTuneConfig#maxLength} tokens; a J3 reads them chunk by chunk, with
 * gradients through some chunks only. What comes of it continues texts of any length.
 *
 * <pre>{@code
 * LanguageData data = LanguageData.read(Path.of("books"), null, null);
 * FineTuneConfig config =
 *         FineTuneConfig.builder().optMaxLength(512).optBatchSize(8).optLearningRate(1e-3).build();
 * FreshJ3 fresh = new FreshJ3(J3Parts.of(J3Size.TINY).build(), TokenizerFile.bytes());
 * LanguageFineTune tuning = new LanguageFineTune(fresh, config, data);
 * try (FineTuned tuned = tuning.run()) {
 *     ModelFolder.save(Path.of("my-lm"), tuned.model(), tuning.card(tuned), TensorType.F32);
 *     TextGenerator generator =
 *             new TextGenerator(tuned.model(), GenerationConfig.builder().build());
 *     String more = generator.generate(List.of("Call me")).get(0);
 * }
 * }</pre>
 */
public final class LanguageFineTune extends ModelTuning {

    private static final double SECOND_MOMENT = 0.95;

    private final FreshJ3 fresh;
    private final LanguageData data;

    /**
     * Prepares a training.
     *
     * @param fresh what a fresh model looks like, or null to go on with the configuration's
     */
    public LanguageFineTune(FreshJ3 fresh, FineTuneConfig config, LanguageData data) {
        super(config);
        this.fresh = fresh;
        this.data = data;
    }

    @Override
    protected LoadedModel model() throws IOException, MalformedModelException {
        return fresh == null
                ? Zoo.load(config.model(), config.device())
                : fresh.create(
                        "j3", new CausalLanguageTask(List.of()), config.seed(), config.device());
    }

    private void check(LoadedModel model) {
        if (!(model.config().task() instanceof CausalLanguageTask)) {
            throw new IllegalArgumentException(
                    "model must continue texts, as --task language makes them, got %s"
                                    .formatted(config.model())
                            + " with the task "
                            + model.config().task().getClass().getSimpleName());
        }
        int longest = model.config().textModel().maxLength();
        if (config.maxLength() > longest) {
            throw new IllegalArgumentException(
                    "maxLength must be at most the %d tokens that %s reads, got maxLength=%d;"
                                    .formatted(longest, config.model(), config.maxLength())
                            + " name fewer (--max-length)");
        }
    }

    @Override
    protected FineTuned tune(LoadedModel model) {
        check(model);
        TextTokens tokens = TextTokens.of(model.tokenizer());
        LanguageTokens learned = LanguageTokens.of(data.train(), tokens);
        LanguageBatches train =
                new LanguageBatches(
                        learned.ids(), config.maxLength(), config.batchSize(), config.seed());
        LanguageTokens watched = judged(data.validation(), tokens);
        LanguageTokens asked = data.test().isEmpty() ? null : judged(data.test(), tokens);
        TuningLoop.Lesson lesson =
                new TuningLoop.Lesson(
                        (Part) model.block(),
                        train,
                        new CrossEntropy(),
                        judge(watched),
                        new Watch(LanguageJudge.LOSS, false));
        return learn(
                model,
                lesson,
                each ->
                        training.cosine(each, SECOND_MOMENT, List.of())
                                .optIdentity("text", data.train().hash()),
                asked == null ? null : judge(asked),
                config.precision(),
                "learned %,d tokens in windows of %d, watched %,d"
                        .formatted(learned.size(), config.maxLength(), watched.size()));
    }

    private static LanguageTokens judged(LanguageText text, TextTokens tokens) {
        LanguageTokens all = LanguageTokens.of(text, tokens);
        if (all.size() < 2) {
            throw new DataException(
                    text.name(),
                    "must hold at least 2 tokens to be judged by, got %d; name a longer text"
                            .formatted(all.size()));
        }
        return all;
    }

    private LanguageJudge judge(LanguageTokens text) {
        return new LanguageJudge(text, config.maxLength(), config.batchSize(), config.device());
    }

    @Override
    public ModelCard.Builder describe(FineTuned tuned) {
        return LanguageCard.of(config, fresh, data, tuned);
    }

    /** One line about the training data, for the start of a run. */
    public String description() {
        return "%s, %s: %,d documents, %,d characters"
                .formatted(
                        fresh == null ? "model " + config.model() : "a fresh causal J3",
                        data.train().name(),
                        data.train().documents().size(),
                        data.train().documents().stream().mapToLong(String::length).sum());
    }
}
