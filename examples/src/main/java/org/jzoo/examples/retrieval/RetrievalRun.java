package org.jzoo.examples.retrieval;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.datasets.vision.NamedPicture;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.examples.recipe.RunPrecision;
import org.jzoo.examples.recipe.WholeTraining;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.loss.Contrastive;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;
import org.jzoo.zoo.j1.J1Size;
import org.jzoo.zoo.j1.RetrievalTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordTokenizer;
import org.jzoo.zoo.weights.TensorType;

/**
 * One training of a retriever, judged once on each test after the last epoch: no choice is made by
 * them. Words that no training text has are unknown.
 */
public final class RetrievalRun {

    private static final int DIM = 128;
    private static final int SIDE = 64;
    private static final int LOOKS = 5;
    private static final int CHECKPOINTS = 4;
    private static final double WARM_UP = 0.05;
    private static final double DROPOUT = 0.1;
    private static final double WEIGHT_DECAY = 0.1;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    private final RetrievalConfig config;
    private final RetrievalData data;
    private final TextTokenizer tokenizer;
    private final int vocabulary;

    /**
     * What comes of a run.
     *
     * @param trained what was learnt from
     */
    public record Figures(
            String variant,
            String trained,
            long seed,
            int epochs,
            int pairs,
            long parameters,
            String device,
            String precision,
            double seconds,
            double loss,
            List<Found> tests) {

        /** Whether these are the figures of such a run. */
        public boolean isOf(RetrievalConfig config, String learnt) {
            return variant.equals(config.variant().label())
                    && trained.equals(learnt)
                    && seed == config.seed()
                    && epochs == config.epochs();
        }
    }

    /**
     * What one test came to.
     *
     * @param test its name
     * @param candidates how many there were to choose from
     * @param byText shares of the texts whose picture was among the first 1, 5 and 10
     * @param byPicture shares of the pictures whose text was
     */
    public record Found(String test, int candidates, List<Double> byText, List<Double> byPicture) {}

    private RetrievalRun(RetrievalConfig config, RetrievalData data) {
        this.config = config;
        this.data = data;
        TreeSet<String> words = new TreeSet<>();
        int longest = 0;
        for (NamedPicture picture : data.train()) {
            List<String> own =
                    WORD.matcher(data.text(picture).toLowerCase(Locale.ROOT))
                            .results()
                            .map(MatchResult::group)
                            .toList();
            words.addAll(own);
            longest = Math.max(longest, own.size());
        }
        vocabulary = WordTokenizer.size(List.copyOf(words));
        tokenizer = TextTokenizer.of(WordTokenizer.json(List.copyOf(words)), longest + 1);
    }

    /**
     * Trains, measures, and saves where the configuration says so.
     *
     * @throws IOException if the model cannot be saved
     */
    public static Figures run(RetrievalConfig config, RetrievalData data, Device device)
            throws IOException {
        return new RetrievalRun(config, data).run(device);
    }

    /** As {@link #run(RetrievalConfig, RetrievalData, Device)}, appended to JSON lines. */
    public static Figures run(RetrievalConfig config, RetrievalData data, Device device, Path lines)
            throws IOException {
        Figures figures = run(config, data, device);
        lines(lines).append(List.of(figures));
        return figures;
    }

    /** The figures that a file of JSON lines holds; none if there is no file. */
    public static List<Figures> read(Path lines) throws IOException {
        return lines(lines).read();
    }

    private static JsonLines<Figures> lines(Path file) {
        return new JsonLines<>(file, Figures.class);
    }

    private Figures run(Device device) throws IOException {
        if (!config.variant().isJ1()) {
            try (NDManager manager = PyTorch.engine().newBaseManager(device)) {
                Block bag =
                        new BagRetriever(
                                vocabulary,
                                WordTokenizer.PADDING_ID,
                                config.variant().cells(),
                                DIM);
                PyTorch.seed(config.seed());
                bag.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
                return learn(bag, manager);
            }
        }
        ModelConfig numbers =
                ModelConfig.of(
                        "j1",
                        J1Size.TINY
                                .withImageSize(SIDE)
                                .withDropout(DROPOUT)
                                .config(vocabulary, tokenizer.maxLength(), WordTokenizer.PADDING_ID)
                                .withModalityDropout(0),
                        new RetrievalTask(DIM));
        try (LoadedModel model =
                LoadedModel.fresh(
                        "j1-retrieval-" + data.trained(),
                        numbers,
                        tokenizer,
                        config.seed(),
                        device)) {
            Figures figures = learn(model.block(), model.manager());
            if (config.saveTo() != null) {
                ModelFolder.save(
                        config.saveTo(),
                        model,
                        RetrievalCard.of(model, config, figures),
                        TensorType.F16);
            }
            return figures;
        }
    }

    private Figures learn(Block model, NDManager parent) {
        try (NDManager manager = parent.newSubManager()) {
            RetrievalSet train = new RetrievalSet(data.train(), data, SIDE, tokenizer, manager);
            RetrievalBatches batches = new RetrievalBatches(train, config);
            long steps = (long) config.epochs() * batches.size(0);
            TrainingLoop.Builder loop =
                    TrainingLoop.builder()
                            .setModel(model)
                            .setLoss(new Contrastive())
                            .setBatches(batches)
                            .setConfig(
                                    TrainingConfig.builder()
                                            .optEpochs(config.epochs())
                                            .optPrecision(config.precision())
                                            .optSeed(config.seed())
                                            .optClipNorm(1)
                                            .optRestoreBest(false)
                                            .optCheckpointEvery(Math.max(1, steps / CHECKPOINTS))
                                            .build())
                            .setOptimizer(
                                    AdamWConfig.builder()
                                            .setLearningRate(config.learningRate())
                                            .optBetas(0.9, 0.98)
                                            .optWeightDecay(WEIGHT_DECAY)
                                            .build())
                            .optSchedule(Schedule.cosine().withWarmupShare(WARM_UP))
                            .optCallback(new Progress(config));
            if (config.work() != null) {
                loop.optCheckpointFolder(config.work()).optResume(true);
            }
            TrainingResult result = WholeTraining.require(loop.build().run());
            RetrievalMeasure measure = new RetrievalMeasure(model, config.precision(), manager);
            List<Found> tests = new ArrayList<>();
            for (Map.Entry<String, List<NamedPicture>> test : data.tests().entrySet()) {
                tests.add(
                        measure.of(
                                test.getKey(),
                                new RetrievalSet(test.getValue(), data, SIDE, tokenizer, manager)));
            }
            return new Figures(
                    config.variant().label(),
                    data.trained(),
                    config.seed(),
                    config.epochs(),
                    data.train().size(),
                    ParameterPaths.of(model).values().stream()
                            .mapToLong(p -> p.getArray().size())
                            .sum(),
                    parent.getDevice().toString(),
                    RunPrecision.of(config.precision(), parent.getDevice()),
                    result.wholeSeconds(),
                    result.loss(),
                    tests);
        }
    }

    /** A line now and then; nothing is decided by it. */
    private static final class Progress implements TrainingCallback {

        private final RetrievalConfig config;
        private final long started = System.nanoTime();

        Progress(RetrievalConfig config) {
            this.config = config;
        }

        @Override
        public void onStep(StepReport step) {
            if (step.step() % Math.max(1, step.totalSteps() / LOOKS) == 0) {
                System.err.printf(
                        Locale.ROOT,
                        "%s seed %d: epoch %.0f loss %.3f, %.0f s%n",
                        config.variant().label(),
                        config.seed(),
                        step.epochs(),
                        step.loss(),
                        (System.nanoTime() - started) / 1e9);
            }
        }
    }
}
