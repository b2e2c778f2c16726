package org.jzoo.examples.finetune;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.text.Encoded;
import org.jzoo.datasets.text.TextEncoding;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.Evaluation;
import org.jzoo.training.loop.ParameterReport;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.loop.Watch;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.tuning.Adapters;
import org.jzoo.training.tuning.FrozenLayers;
import org.jzoo.training.tuning.PrefixCache;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelHash;
import org.jzoo.zoo.registry.ModelSource;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.TokenizedText;

/**
 * Tunes a pretrained text model on labelled texts or pairs, judges it on texts it never saw, and
 * hands it back, with adapters merged unless they are to be kept.
 */
public final class FineTune implements FineTuning {

    // A million tokens of MiniLM's width take 1.5 GB.
    private static final long PREFIX_BYTES = 1L << 30;

    private final FineTuneConfig config;
    private final TextData data;
    private final TuningLoop training;
    private boolean keepsAdapters;
    private Start start;
    private Teaching teaching;
    private Path answers;
    private MoreTexts more;

    /** Makes the model to begin with. */
    @FunctionalInterface
    public interface Start {

        /** A model with the head of a task, which is built from the head that suits the model. */
        LoadedModel create(Function<HeadOption, Task> task) throws IOException;
    }

    /** Prepares a run; nothing is loaded yet. */
    public FineTune(FineTuneConfig config, TextData data) {
        this.config = config;
        this.data = data;
        training = new TuningLoop(config);
    }

    @Override
    public FineTune with(TrainingCallback callback) {
        training.with(callback);
        return this;
    }

    @Override
    public FineTune with(StopSignal signal) {
        training.with(signal);
        return this;
    }

    /** Leaves adapters beside the weights, to be saved alone. */
    public FineTune keepingAdapters() {
        keepsAdapters = true;
        return this;
    }

    /** Begins with another model than the configuration's; the configuration's name stays. */
    public FineTune startingFrom(Start value) {
        start = value;
        return this;
    }

    /**
     * Lets another model teach, which cuts texts into the same tokens.
     *
     * @throws IllegalArgumentException if it was not tuned to the same labels, in the same order,
     *     or to numbers where these are numbers
     */
    public FineTune taughtBy(Teaching value) {
        value.requireTask(data);
        teaching = value;
        return this;
    }

    /**
     * Lets it teach on texts without labels, too.
     *
     * @throws IllegalArgumentException also if labels count beside what the teacher says
     */
    public FineTune taughtBy(Teaching value, MoreTexts texts) {
        if (value.labelShare() != 0) {
            throw new IllegalArgumentException(
                    "labelShare must be 0 where texts have no labels, got labelShare="
                            + value.labelShare());
        }
        more = texts;
        return taughtBy(value);
    }

    /**
     * Keeps what the teacher says in a file, and asks nothing anew that is there; see {@link
     * TeacherAnswers}. Where internals are compared, nothing is kept.
     */
    public FineTune keepingAnswers(Path file) {
        answers = file;
        return this;
    }

    /** What learns from what, in a few words. */
    public String description() {
        return "model %s, data %s".formatted(config.model(), data.name())
                + (teaching == null ? "" : ", taught by " + teaching.teacher().name());
    }

    /** The metric that early stopping and the best model go by. */
    public Watch watch() {
        return new Watch(data.regression() ? "spearman" : "accuracy", true);
    }

    @Override
    public ModelCard.Builder describe(FineTuned tuned) {
        ModelCard.Builder card =
                teaching != null && start != null
                        ? RunCard.ofStudent(config, teaching, data, tuned)
                        : RunCard.of(config, start == null ? config.model() : null, data, tuned);
        if (teaching != null) {
            teaching.into(card);
        }
        if (more != null) {
            more.into(card);
        }
        return card;
    }

    @Override
    public FineTuned run() throws IOException, MalformedModelException {
        PyTorch.seed(config.seed());
        LoadedModel model =
                start == null
                        ? ModelSource.loadFor(config.model(), this::task, config.device())
                        : start.create(this::task);
        try (TextTokenizer tokenizer = tokenizer(model, config.maxLength())) {
            return run(model, encoding(tokenizer, model.config().textModel().padding()));
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** A model's tokenizer for texts of at most so many tokens; the caller closes it. */
    static TextTokenizer tokenizer(LoadedModel model, int maxLength) {
        int limit = model.config().textModel().maxLength();
        if (maxLength > limit) {
            throw new IllegalArgumentException(
                    "maxLength must be <= %d, the longest text of %s, got maxLength=%d"
                            .formatted(limit, model.name(), maxLength));
        }
        return model.tokenizer().withMaxLength(maxLength);
    }

    private Task task(HeadOption head) {
        return data.regression()
                ? new RegressionTask(data.pair(), head)
                : new ClassificationTask(data.labels().names(), data.pair(), head);
    }

    private FineTuned run(LoadedModel model, TextEncoding encoding) throws IOException {
        Part block = (Part) model.block();
        if (teaching != null) {
            teaching.requireTokens(data.train(), encoding, config.maxLength());
        }
        boolean whole = DocumentJudge.reads(model); // documents, however much of them it learns
        try (EncodedDataset train = encode(lessons(), encoding);
                EncodedDataset validation = encode(data.validation(), encoding);
                EncodedDataset test = whole ? null : encode(data.test(), encoding)) {
            PyTorch.seed(config.seed());
            config.tuning().apply(block);
            String parameters = ParameterReport.of(block).line();
            TrainingResult result = train(block, train, validation);
            if (!keepsAdapters) {
                Adapters.merge(block);
            }
            Map<String, Double> metrics = Map.of();
            ConfusionMatrix confusion = null;
            if (test != null && !result.interrupted()) {
                Judge judge = Judge.of(test, data.labels());
                // As evaluate does, whatever it was trained in.
                metrics = judge.evaluate(block, Precision.FLOAT32);
                confusion = judge.confusion();
            } else if (whole && data.test() != null && !result.interrupted()) {
                DocumentJudge judge = new DocumentJudge(model, data.test(), data.labels());
                metrics = judge.evaluate(Precision.FLOAT32);
                confusion = judge.confusion();
            }
            return new FineTuned(
                    model, result, metrics, confusion, parameters, train.truncation().toString());
        }
    }

    private TextSource lessons() {
        return more == null
                ? data.train()
                : more.after(data.train(), data.regression() ? "0" : data.labels().names().get(0));
    }

    private TrainingResult train(Part block, EncodedDataset train, EncodedDataset validation) {
        Batches lessons = batches(train);
        Batches exams = validation == null ? null : Judge.batches(validation);
        if (!(config.tuning() instanceof FrozenLayers frozen)) {
            return loop(block, lessons, exams).run();
        }
        try (PrefixCache prefix =
                new PrefixCache(block, frozen.numLayers(), config.precision(), PREFIX_BYTES)) {
            return loop(block, prefix.over(lessons), exams == null ? null : prefix.over(exams))
                    .run();
        }
    }

    private TrainingLoop loop(Part block, Batches train, Batches validation) {
        Regularization regularization = config.regularization();
        Loss loss = regularization.over(teaching == null ? loss() : teaching.loss(loss()));
        Evaluation exam =
                validation == null ? null : Judge.of(validation, data.labels()).evaluation();
        TrainingLoop.Builder loop =
                training.linear(
                        new TuningLoop.Lesson(
                                block, regularization.over(train), loss, exam, watch()));
        if (config.work() != null) {
            identify(loop);
        }
        return loop.build();
    }

    // What the loss is made of: a checkpoint is gone on from with the same only.
    private void identify(TrainingLoop.Builder builder) {
        Regularization regularization = config.regularization();
        if (regularization.smoothing() > 0) {
            builder.optIdentity("smoothing", regularization.smoothing());
        }
        if (regularization.agreement() > 0) {
            builder.optIdentity("agreement", regularization.agreement());
        }
        if (teaching != null) {
            builder.optIdentity("teacher", ModelHash.of(teaching.teacher()))
                    .optIdentity("labelShare", teaching.labelShare())
                    .optIdentity("temperature", teaching.temperature());
        }
        if (more != null) {
            builder.optIdentity("moreTexts", more.hash());
        }
    }

    private Batches batches(EncodedDataset train) {
        TextBatches batches =
                new TextBatches(train, BatchingConfig.training(config.batchSize(), config.seed()));
        if (teaching == null || answers == null || !teaching.internals().isEmpty()) {
            return teaching == null ? batches : teaching.over(batches, config.precision());
        }
        TeacherAnswers kept =
                TeacherAnswers.open(answers, teaching.teacher(), train, config.precision());
        training.with(kept);
        return teaching.over(batches, config.precision(), kept.known());
    }

    private Loss loss() {
        return data.loss(config.regularization().smoothing());
    }

    private EncodedDataset encode(TextSource source, TextEncoding encoding) {
        return source == null ? null : data.encoded(source, encoding);
    }

    /**
     * A tokenizer as data sets see it.
     *
     * @param padding the model's padding token
     */
    public static TextEncoding encoding(TextTokenizer tokenizer, int padding) {
        return new TokenizerEncoding(tokenizer, Math.max(0, padding));
    }

    private record TokenizerEncoding(TextTokenizer tokenizer, long padId) implements TextEncoding {
        @Override
        public Encoded encode(String text, String pairOrNull) {
            TokenizedText tokens = tokenizer.encode(text, pairOrNull);
            return new Encoded(tokens.ids(), tokens.typeIds(), tokens.originalLength());
        }
    }
}
