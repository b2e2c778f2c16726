package org.jzoo.examples.finetune;

import ai.djl.MalformedModelException;
import ai.djl.modality.cv.Image;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.vision.PictureQuestion;
import org.jzoo.training.loop.ModelEvaluation;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.loop.Watch;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.tuning.Adapters;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.generation.GenerationConfig;
import org.jzoo.zoo.image.Pictures;
import org.jzoo.zoo.j1.CaptionTask;
import org.jzoo.zoo.j1.Captioner;
import org.jzoo.zoo.j1.FreshJ1;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Zoo;

/**
 * Trains a J1 to write captions, and judges it by how many captions of test pictures it writes word
 * for word ("exact").
 */
public final class CaptionFineTune implements FineTuning {

    private static final int TOGETHER = 32;

    private final FreshJ1 fresh;
    private final FineTuneConfig config;
    private final CaptionData data;
    private final TuningLoop training;
    private long keptBytes = QuestionFineTune.KEPT_BYTES;

    /**
     * Pictures with captions.
     *
     * @param train learned from; a caption is a row's question
     * @param validation watched while training; null for none
     * @param test judged once at the end; null for none
     * @param hash SHA-256 of the file with the training captions
     */
    public record CaptionData(
            QuestionData.Part train,
            QuestionData.Part validation,
            QuestionData.Part test,
            String hash) {}

    private CaptionFineTune(FreshJ1 fresh, FineTuneConfig config, CaptionData data) {
        this.fresh = fresh;
        this.config = config;
        this.data = data;
        training = new TuningLoop(config);
    }

    /** Prepares a training from fresh weights; the configuration's model is not looked at. */
    public static CaptionFineTune fresh(FreshJ1 fresh, FineTuneConfig config, CaptionData data) {
        return new CaptionFineTune(fresh, config, data);
    }

    /** Prepares a tuning of the model of captions that the configuration names. */
    public static CaptionFineTune from(FineTuneConfig config, CaptionData data) {
        return new CaptionFineTune(null, config, data);
    }

    @Override
    public CaptionFineTune with(TrainingCallback callback) {
        training.with(callback);
        return this;
    }

    @Override
    public CaptionFineTune with(StopSignal signal) {
        training.with(signal);
        return this;
    }

    /** Keeps at most so many bytes of decoded pictures; others are decoded when wanted. */
    public CaptionFineTune keeping(long bytes) {
        keptBytes = bytes;
        return this;
    }

    @Override
    public FineTuned run() throws IOException, MalformedModelException {
        PyTorch.seed(config.seed());
        LoadedModel model = model();
        try {
            return run(model);
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private LoadedModel model() throws IOException, MalformedModelException {
        if (fresh != null) {
            return fresh.createCaptioner(
                    "j1",
                    data.train().rows().stream().map(PictureQuestion::question).toList(),
                    config.seed(),
                    config.device());
        }
        LoadedModel model = Zoo.load(config.model(), config.device());
        if (!(model.config().task() instanceof CaptionTask)) {
            model.close();
            throw new IllegalArgumentException(
                    "model must be one that writes captions, got " + config.model());
        }
        return model;
    }

    private FineTuned run(LoadedModel model) throws IOException {
        CaptionTask task = (CaptionTask) model.config().task();
        PictureCache pictures =
                new PictureCache(((J1Config) model.config().model()).preprocessing(), keptBytes);
        CaptionBatches train =
                new CaptionBatches(
                        data.train(),
                        pictures,
                        model.tokenizer(),
                        task,
                        config.batchSize(),
                        config.seed());
        ModelEvaluation evaluation =
                data.validation() == null
                        ? null
                        : new ModelEvaluation(
                                new CaptionBatches(
                                        data.validation(),
                                        pictures,
                                        model.tokenizer(),
                                        task,
                                        config.batchSize(),
                                        null),
                                new CrossEntropy());
        Part block = (Part) model.block();
        PyTorch.seed(config.seed());
        config.tuning().apply(block);
        TrainingLoop loop =
                training.cosine(
                                new TuningLoop.Lesson(
                                        block,
                                        train,
                                        new CrossEntropy(),
                                        evaluation,
                                        new Watch("loss", false)),
                                QuestionFineTune.SECOND_MOMENT,
                                List.of())
                        .build();
        String parameters = loop.parameters().line();
        TrainingResult result = loop.run();
        Adapters.merge(block);
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (data.test() != null && !result.interrupted()) {
            metrics.put("exact", exact(model));
        }
        return new FineTuned(model, result, metrics, null, parameters, "captions of known words");
    }

    private double exact(LoadedModel model) throws IOException {
        Captioner captioner =
                new Captioner(model, GenerationConfig.greedy(model.tokenizer().maxLength()));
        List<PictureQuestion> rows = data.test().rows();
        int right = 0;
        for (int from = 0; from < rows.size(); from += TOGETHER) {
            List<PictureQuestion> some = rows.subList(from, Math.min(rows.size(), from + TOGETHER));
            List<Image> images = new ArrayList<>();
            for (PictureQuestion row : some) {
                images.add(Pictures.read(row.image()));
            }
            List<String> written = captioner.captions(images);
            for (int i = 0; i < some.size(); i++) {
                long[] ids = model.tokenizer().encode(some.get(i).question()).ids();
                right += model.tokenizer().decode(ids).equals(written.get(i)) ? 1 : 0;
            }
        }
        return right / (double) rows.size();
    }

    @Override
    public ModelCard.Builder describe(FineTuned tuned) {
        ModelCard.Builder card =
                TuningCard.begin(
                                "J1 that writes captions like those of %s."
                                        .formatted(data.train().name()),
                                fresh == null ? config.model() : null,
                                config,
                                tuned)
                        .optData(
                                new DataUse(
                                        data.train().name(),
                                        "train",
                                        data.train().rows().size(),
                                        data.hash()));
        TuningCard.addSettings(card, config, tuned);
        TuningCard.addFigures(
                card,
                tuned,
                QuestionCard.count(data.validation()),
                QuestionCard.count(data.test()));
        return card.optLimit("Knows the words of its training captions only.");
    }
}
