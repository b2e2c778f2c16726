package org.jzoo.examples.finetune;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.vision.PictureQuestion;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.loop.Watch;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.ParameterGroup;
import org.jzoo.training.tuning.Adapters;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.FreshJ1;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelSource;
import org.jzoo.zoo.registry.Pretrained;
import org.jzoo.zoo.registry.Zoo;

/**
 * Trains a J1 on questions about pictures, judges it on pictures it never saw, and hands it back.
 *
 * <pre>{@code
 * QuestionData data = QuestionData.of(PictureQuestions.of(folder, csv), null, null);
 * FineTuneConfig config = FineTuneConfig.builder().optEpochs(30).optLearningRate(1e-3).build();
 * try (FineTuned tuned =
 *         QuestionFineTune.fresh(FreshJ1.builder().build(), config, data).run()) {
 *     ModelFolder.save(out, tuned.model(), "# My model", TensorType.F16);
 * }
 * }</pre>
 */
public final class QuestionFineTune implements FineTuning {

    /** Bytes of pictures that are kept, unless something else is said: 512 MiB. */
    public static final long KEPT_BYTES = 512L << 20;

    /** What stays of the mean of squared gradients of a J1 after a step. */
    static final double SECOND_MOMENT = 0.98;

    private static final double HEAD_DROPOUT = 0.1;

    // Fresh weights learn at 1e-3 and trained encoders at 5e-5.
    private static final double ENCODER_RATE_FACTOR = 0.05;

    private final FreshJ1 fresh;
    private final FineTuneConfig config;
    private final QuestionData data;
    private final TuningLoop training;
    private long keptBytes = KEPT_BYTES;
    private LoadedModel start;
    private Teaching teaching;

    private QuestionFineTune(FreshJ1 fresh, FineTuneConfig config, QuestionData data) {
        this.fresh = fresh;
        this.config = config;
        this.data = data;
        training = new TuningLoop(config);
    }

    /** Prepares a training from fresh weights; the configuration's model is not looked at. */
    public static QuestionFineTune fresh(FreshJ1 fresh, FineTuneConfig config, QuestionData data) {
        return new QuestionFineTune(fresh, config, data);
    }

    /**
     * Prepares a tuning of the J1 that the configuration names. Its head goes on learning if it has
     * the data's answers, and starts fresh if not.
     */
    public static QuestionFineTune from(FineTuneConfig config, QuestionData data) {
        return new QuestionFineTune(null, config, data);
    }

    @Override
    public QuestionFineTune with(TrainingCallback callback) {
        training.with(callback);
        return this;
    }

    @Override
    public QuestionFineTune with(StopSignal signal) {
        training.with(signal);
        return this;
    }

    /** Keeps at most so many bytes of decoded pictures; others are decoded when wanted. */
    public QuestionFineTune keeping(long bytes) {
        keptBytes = bytes;
        return this;
    }

    /** Begins with another model than the configuration's, with the data's answers. */
    public QuestionFineTune startingFrom(LoadedModel model) {
        start = model;
        return this;
    }

    /** Lets another model, with the same tokens and answers, teach. */
    public QuestionFineTune taughtBy(Teaching value) {
        teaching = value;
        return this;
    }

    @Override
    public ModelCard.Builder describe(FineTuned tuned) {
        ModelCard.Builder card = QuestionCard.of(config, fresh, data, tuned);
        if (teaching != null) {
            teaching.into(card);
        }
        return card;
    }

    @Override
    public FineTuned run() throws IOException, MalformedModelException {
        PyTorch.seed(config.seed());
        LoadedModel model = start == null ? model() : start;
        try {
            return run(model);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private LoadedModel model() throws IOException, MalformedModelException {
        AnswerTask task = new AnswerTask(data.answers().names(), HEAD_DROPOUT);
        if (fresh != null) {
            List<String> texts =
                    data.train().rows().stream().map(PictureQuestion::question).toList();
            return fresh.create("j1", task, texts, config.seed(), config.device());
        }
        if (Pretrained.of(config.model()).isPresent()) {
            throw new IllegalArgumentException(
                    "model must be a J1, got the text encoder %s: it can be the text of a fresh one"
                            .formatted(config.model()));
        }
        LoadedModel model = Zoo.load(config.model(), config.device());
        if (!(model.config().model() instanceof J1Config)) {
            String architecture = model.config().architecture();
            model.close();
            throw new IllegalArgumentException(
                    "model must be a J1, got %s, of the architecture %s"
                            .formatted(config.model(), architecture));
        }
        if (model.config().task() instanceof AnswerTask old && old.labels().equals(task.labels())) {
            return model;
        }
        model.close();
        return ModelSource.loadFor(config.model(), head -> task, config.device());
    }

    private FineTuned run(LoadedModel model) throws IOException {
        ImagePreprocessing preprocessing = ((J1Config) model.config().model()).preprocessing();
        QuestionBatches.Reader reader =
                new QuestionBatches.Reader(model.tokenizer(), model.config().textModel().padding());
        PictureCache pictures = new PictureCache(preprocessing, keptBytes);
        QuestionBatches train =
                QuestionBatches.training(
                        data.train(),
                        data.answers(),
                        pictures,
                        reader,
                        config.batchSize(),
                        config.seed());
        Judge validation = judge(data.validation(), pictures, reader);
        Judge test = judge(data.test(), pictures, reader);
        Part block = (Part) model.block();
        PyTorch.seed(config.seed());
        config.tuning().apply(block);
        TrainingLoop loop =
                training.cosine(
                                new TuningLoop.Lesson(
                                        block,
                                        taught(train, model),
                                        teaching == null
                                                ? new CrossEntropy()
                                                : teaching.loss(new CrossEntropy()),
                                        validation == null ? null : validation.evaluation(),
                                        new Watch("accuracy", true)),
                                SECOND_MOMENT,
                                fresh == null || fresh.text() == null
                                        ? List.of()
                                        : List.of(
                                                new ParameterGroup(
                                                        FreshJ1.TEXT + "*",
                                                        ENCODER_RATE_FACTOR,
                                                        1)))
                        .build();
        String parameters = loop.parameters().line();
        TrainingResult result = loop.run();
        Adapters.merge(block);
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (test != null && !result.interrupted()) {
            metrics.putAll(test.evaluate(block, Precision.FLOAT32)); // as evaluate does
            metrics.put("commonest", commonest());
        }
        return new FineTuned(
                model,
                result,
                metrics,
                metrics.isEmpty() ? null : test.confusion(),
                parameters,
                train.truncation());
    }

    private Batches taught(Batches train, LoadedModel model) {
        if (teaching == null) {
            return train;
        }
        J1Config config = (J1Config) model.config().model();
        Batches masked =
                teaching.internals().isEmpty() || !config.hasBoth()
                        ? train
                        : new FusedMasks(train, config.image().merged().size());
        return teaching.over(masked, this.config.precision());
    }

    private Judge judge(
            QuestionData.Part part, PictureCache pictures, QuestionBatches.Reader reader) {
        return part == null
                ? null
                : Judge.of(
                        QuestionBatches.evaluation(
                                part, data.answers(), pictures, reader, config.batchSize()),
                        data.answers());
    }

    /** How often the commonest answer of the training questions is the right one in the test. */
    private double commonest() {
        Map<String, Long> counts =
                data.train().rows().stream()
                        .collect(
                                Collectors.groupingBy(
                                        PictureQuestion::answer, Collectors.counting()));
        String answer =
                counts.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElseThrow();
        List<PictureQuestion> rows = data.test().rows();
        return rows.stream().filter(row -> row.answer().equals(answer)).count()
                / (double) rows.size();
    }
}
