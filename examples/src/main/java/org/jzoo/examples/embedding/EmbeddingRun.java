package org.jzoo.examples.embedding;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.retrieval.Bm25;
import org.jzoo.datasets.speech.Speech;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.language.LanguageText;
import org.jzoo.examples.longqa.FreshJ3;
import org.jzoo.examples.longqa.TokenizerFile;
import org.jzoo.examples.recipe.WholeTraining;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.callback.ProgressDisplay;
import org.jzoo.training.report.ProgressLine;
import org.jzoo.zoo.document.DocumentVectors;
import org.jzoo.zoo.document.LongReader;
import org.jzoo.zoo.document.LongText;
import org.jzoo.zoo.document.WindowVectors;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.Zoo;
import org.jzoo.zoo.text.TokenizedText;
import org.jzoo.zoo.weights.TensorType;

/**
 * Which half of a speech belongs to which, of years that end in 0 or 5: a J3 that learned from the
 * other years' speeches, with one seed, or something that was not trained on any.
 *
 * @param size of the J3; null for all that is not trained
 * @param config of its training, and the device
 * @param speeches of all years
 * @param hash of their file
 * @param save folder for the trained model; null to keep none
 */
public record EmbeddingRun(
        String size, FineTuneConfig config, List<Speech> speeches, String hash, Path save) {

    private static final int TEST_YEARS = 5;
    private static final int START_TOKENS = 512;
    private static final int START_CHARACTERS = 1 << 13;
    private static final String ENCODER = "minilm-l6";

    /** What came of it. */
    public record Figures(
            String variant,
            long seed,
            double found,
            double reciprocalRank,
            int documents,
            long parameters,
            int epochs,
            int batchSize,
            int maxLength,
            double rate,
            String size,
            long steps,
            double trainSeconds,
            double seconds,
            String device,
            String precision,
            String dataHash) {}

    /** Whether these figures are of this run. */
    public boolean made(Figures figures) {
        return size == null
                ? figures.variant().equals(EmbeddingVariant.WINDOWS.label())
                : figures.variant().equals(EmbeddingVariant.WHOLE.label())
                        && figures.seed() == config.seed()
                        && figures.epochs() == config.epochs()
                        && figures.batchSize() == config.batchSize()
                        && figures.maxLength() == config.maxLength()
                        && figures.rate() == config.learningRate()
                        && figures.size().equals(size)
                        && figures.precision().equals(config.precision().name());
    }

    /**
     * Trains, if anything is trained, and judges.
     *
     * @return the figures
     * @throws IllegalStateException if somebody asked the training to stop
     */
    public List<Figures> run() throws IOException, MalformedModelException {
        List<String> learned = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        for (Speech speech : speeches) {
            (speech.year() % TEST_YEARS == 0 ? asked : learned).add(speech.text());
        }
        LanguageText test = new LanguageText("speeches of years that end in 0 or 5", "", asked);
        return size == null
                ? untrained(asked)
                : trained(
                        EmbeddingData.split(
                                new LanguageText("State of the Union speeches", hash, learned),
                                test));
    }

    private List<Figures> trained(EmbeddingData data) throws IOException, MalformedModelException {
        FreshJ3 fresh =
                new FreshJ3(J3Parts.of(J3Size.named(size)).build(), TokenizerFile.of(ENCODER));
        EmbeddingFineTune tuning = new EmbeddingFineTune(fresh, config, data);
        tuning.with(new ProgressDisplay(System.err, ProgressLine.isTerminal()));
        try (StopSignal stop = StopSignal.onShutdown();
                FineTuned tuned = tuning.with(stop).run()) {
            WholeTraining.require(tuned.training());
            if (save != null) {
                ModelFolder.save(
                        save.resolve("j3-speeches-%d".formatted(config.seed())),
                        tuned.model(),
                        tuning.card(tuned),
                        TensorType.F16);
            }
            LongReader reader = LongReader.of(tuned.model()).withPrecision(config.precision());
            List<String> asked = data.test().documents();
            return List.of(
                    figures(EmbeddingVariant.WHOLE, reader, asked, tuned.model(), tuned),
                    figures(
                            EmbeddingVariant.START,
                            text -> reader.embed(start(text, tuned.model())),
                            asked,
                            tuned.model(),
                            tuned));
        }
    }

    /** The first tokens of a text. */
    private static LongText start(LongText text, LoadedModel model) throws IOException {
        StringWriter all = new StringWriter();
        try (Reader reader = text.open()) {
            reader.transferTo(all);
        }
        String start =
                all.getBuffer().substring(0, Math.min(START_CHARACTERS, all.getBuffer().length()));
        TokenizedText tokens = model.tokenizer().encodePlain(start);
        return tokens.ids().length <= START_TOKENS
                ? LongText.of(start)
                : LongText.of(start.substring(0, tokens.ends()[START_TOKENS - 1]));
    }

    private List<Figures> untrained(List<String> asked)
            throws IOException, MalformedModelException {
        List<Figures> figures = new ArrayList<>();
        try (LoadedModel model = Zoo.load(ENCODER, config.device())) {
            figures.add(
                    figures(EmbeddingVariant.WINDOWS, WindowVectors.of(model), asked, model, null));
        }
        long start = System.nanoTime();
        Map<String, Double> metrics = words(asked);
        figures.add(figures(EmbeddingVariant.WORDS, metrics, asked, start, null, null));
        return figures;
    }

    private static Map<String, Double> words(List<String> documents) {
        List<String> firsts = new ArrayList<>();
        List<String> seconds = new ArrayList<>();
        for (String document : documents) {
            List<String> halves = HalvesJudge.halves(document);
            firsts.add(halves.get(0));
            seconds.add(halves.get(1));
        }
        return HalvesJudge.of(scores(firsts, seconds), scores(seconds, firsts));
    }

    private static double[][] scores(List<String> asked, List<String> searched) {
        Bm25 index = new Bm25(searched);
        return asked.stream().map(index::scores).toArray(double[][]::new);
    }

    private Figures figures(
            EmbeddingVariant variant,
            DocumentVectors vectors,
            List<String> asked,
            LoadedModel model,
            FineTuned tuned) {
        long start = System.nanoTime();
        Map<String, Double> metrics = HalvesJudge.evaluate(asked, vectors);
        return figures(variant, metrics, asked, start, model, tuned);
    }

    private Figures figures(
            EmbeddingVariant variant,
            Map<String, Double> metrics,
            List<String> asked,
            long start,
            LoadedModel model,
            FineTuned tuned) {
        return new Figures(
                variant.label(),
                tuned == null ? 0 : config.seed(),
                metrics.get(HalvesJudge.FOUND),
                metrics.get(HalvesJudge.RANK),
                asked.size(),
                model == null ? 0 : model.numParameters(),
                tuned == null ? 0 : config.epochs(),
                tuned == null ? 0 : config.batchSize(),
                tuned == null ? 0 : config.maxLength(),
                tuned == null ? 0 : config.learningRate(),
                tuned == null ? "" : size,
                tuned == null ? 0 : tuned.training().step(),
                tuned == null ? 0 : tuned.training().wholeSeconds(),
                (System.nanoTime() - start) / 1e9,
                config.device().isGpu() ? "gpu" : "cpu",
                tuned == null ? Precision.FLOAT32.name() : config.precision().name(),
                hash);
    }
}
