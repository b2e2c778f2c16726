package org.jzoo.examples.tagging;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.util.List;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.label.LabelledTexts;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.ModelTuning;
import org.jzoo.examples.finetune.TuningLoop;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.training.loop.Watch;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.task.TokenTags;

/**
 * Trains a model to label stretches of texts, judges it on texts it never saw, and hands it back.
 * It learns one tag a word, that of its first token, from excerpts of {@link
 * FineTuneConfig#maxLength} tokens, and is judged on whole texts.
 */
public final class TagFineTune extends ModelTuning {

    private final TagSplit data;
    private final FreshJ3 fresh;
    private final Start start;

    /** Makes the model to begin with. */
    @FunctionalInterface
    private interface Start {
        LoadedModel create() throws IOException, MalformedModelException;
    }

    private TagFineTune(FineTuneConfig config, TagSplit data, FreshJ3 fresh, Start start) {
        super(config);
        this.data = data;
        this.fresh = fresh;
        this.start = start;
    }

    /** Prepares a training of the configuration's model, any that reads texts. */
    public static TagFineTune of(FineTuneConfig config, TagSplit data) {
        return new TagFineTune(
                config,
                data,
                null,
                () -> TagModels.load(config.model(), data.labels(), config.device()));
    }

    /**
     * Prepares a training of a J3 on documents.
     *
     * @param fresh what a fresh model looks like, or null to go on with the configuration's
     */
    public static TagFineTune of(FreshJ3 fresh, FineTuneConfig config, TagSplit data) {
        Start start =
                fresh == null
                        ? () -> TagModels.loadJ3(config.model(), data.labels(), config.device())
                        : () ->
                                fresh.create(
                                        "j3",
                                        TagModels.task(data.labels()),
                                        config.seed(),
                                        config.device());
        return new TagFineTune(config, data, fresh, start);
    }

    @Override
    protected LoadedModel model() throws IOException, MalformedModelException {
        return start.create();
    }

    @Override
    protected FineTuned tune(LoadedModel model) {
        List<String> labels = ((TokenClassificationTask) model.config().task()).labels();
        TagReading reading = TagReading.of(model, config.maxLength());
        TagData train = TagData.of(data.train(), new TokenTags(labels), reading);
        TagBatches batches =
                new TagBatches(train.examples(), reading, config.batchSize(), config.seed());
        TuningLoop.Lesson lesson =
                new TuningLoop.Lesson(
                        (Part) model.block(),
                        batches,
                        new CrossEntropy(),
                        judge(data.validation(), labels, reading),
                        new Watch("entityF1", true));
        return learn(
                model,
                lesson,
                training::linear,
                judge(data.test(), labels, reading),
                Precision.FLOAT32, // as evaluate does
                "learned from excerpts of at most %d tokens%s"
                        .formatted(config.maxLength(), train.remark()));
    }

    private TagJudge judge(LabelledTexts part, List<String> labels, TagReading reading) {
        return part.isEmpty()
                ? null
                : new TagJudge(
                        TagData.of(part, new TokenTags(labels), reading).examples(),
                        labels,
                        reading,
                        config.device());
    }

    @Override
    public ModelCard.Builder describe(FineTuned tuned) {
        return TagCard.of(config, fresh == null ? config.model() : null, data, tuned);
    }

    /** One line about the training data, for the start of a run. */
    public String description() {
        return "%s, %s: %s"
                .formatted(
                        fresh == null ? "model " + config.model() : "a fresh J3",
                        data.train().name(),
                        data.train());
    }
}
