package org.jzoo.examples.recipe;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.datasets.vision.Scene;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordTokenizer;
import org.jzoo.zoo.weights.TensorType;

/**
 * One training of J1, or of what it is compared with, on pictures with questions in words, judged
 * once on the test pictures after the last epoch: no choice is made by them. A trial with fewer
 * training pictures than there are test pictures is judged on as many of these.
 */
public final class VqaRun {

    private static final int MAX_LENGTH = 24;
    private static final double HEAD_DROPOUT = 0.1;
    private static final double WARM_UP = 0.05;
    private static final int LOOKS = 6;
    private static final int SHUFFLED = 2;
    private static final Gson GSON =
            new GsonBuilder().serializeSpecialFloatingPointValues().create();

    private final VqaConfig config;
    private final Device device;

    /**
     * What comes of a run: its numbers and its figures on the test pictures.
     *
     * @param data the data's name; null, as in older lines, for Sort-of-CLEVR
     * @param mirrored whether training pictures were mirrored at random
     */
    public record Figures(
            String data,
            String variant,
            long seed,
            int epochs,
            int pictures,
            boolean mirrored,
            long parameters,
            String device,
            String precision,
            double seconds,
            double questionsPerSecond,
            double loss,
            Map<String, Double> metrics) {

        /** Fills in what older lines lack. */
        public Figures {
            data = data == null ? new ShapeQuestions().name() : data;
        }

        /** Whether these are the figures of such a run. */
        public boolean isOf(VqaConfig config) {
            return data.equals(config.data().name())
                    && variant.equals(config.variant().label())
                    && seed == config.seed()
                    && epochs == config.epochs()
                    && pictures == config.pictures()
                    && mirrored == config.mirrored();
        }
    }

    private VqaRun(VqaConfig config, Device device) {
        this.config = config;
        this.device = device;
    }

    /**
     * Trains, measures, and saves where the configuration says so.
     *
     * @throws IOException if the model cannot be saved
     */
    public static Figures run(VqaConfig config, Device device) throws IOException {
        return new VqaRun(config, device).run();
    }

    /** As {@link #run(VqaConfig, Device)}, and appends the figures to a file of JSON lines. */
    public static Figures run(VqaConfig config, Device device, Path lines) throws IOException {
        Figures figures = run(config, device);
        Files.writeString(
                lines,
                GSON.toJson(figures) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return figures;
    }

    /** The figures that a file of JSON lines holds; none if there is no file. */
    public static List<Figures> read(Path lines) throws IOException {
        List<Figures> all = new ArrayList<>();
        for (String line : Files.exists(lines) ? Files.readAllLines(lines) : List.<String>of()) {
            if (!line.isBlank()) {
                all.add(GSON.fromJson(line, Figures.class));
            }
        }
        return all;
    }

    private Figures run() throws IOException {
        VqaData data = config.data();
        List<Scene> allTests = data.test(config.seed());
        List<Scene> test = allTests.subList(0, Math.min(allTests.size(), config.pictures()));
        try (LoadedModel model = model();
                NDManager manager = PyTorch.engine().newBaseManager(device)) {
            List<Scene> scenes = data.train(config.pictures(), config.seed());
            TextTokenizer tokenizer = model.tokenizer();
            VqaSet train = set(scenes, tokenizer, 0, manager);
            VqaSet whole = set(test, tokenizer, 1, manager);
            VqaSet shuffled = set(test, tokenizer, SHUFFLED, manager);
            VqaMeasure measure = new VqaMeasure(model.block(), config.precision(), manager);
            TrainingResult result = train(model, train, measure, whole);
            Map<String, Double> metrics = new LinkedHashMap<>(measure.whole(whole));
            if (config.variant().hasBoth()) {
                metrics.putAll(measure.spoilt(whole, shuffled));
            }
            Figures figures = figures(model, result, metrics);
            if (config.saveTo() != null) {
                ModelFolder.save(
                        config.saveTo(), model, VqaCard.of(model, config, figures), TensorType.F16);
            }
            return figures;
        }
    }

    private VqaSet set(List<Scene> scenes, TextTokenizer tokenizer, int part, NDManager manager) {
        return new VqaSet(
                config.data(),
                scenes,
                config.size().imageSize(),
                tokenizer,
                config.seed() + part,
                part == SHUFFLED,
                manager);
    }

    private LoadedModel model() {
        List<String> words = config.data().vocabulary();
        J1Config numbers =
                config.variant()
                        .config(
                                config.size(),
                                WordTokenizer.size(words),
                                MAX_LENGTH,
                                WordTokenizer.PADDING_ID);
        return LoadedModel.fresh(
                "j1-%s".formatted(config.variant().label()),
                ModelConfig.of(
                        "j1", numbers, new AnswerTask(config.data().answers(), HEAD_DROPOUT)),
                TextTokenizer.of(WordTokenizer.json(words), MAX_LENGTH),
                config.seed(),
                device);
    }

    private TrainingResult train(LoadedModel model, VqaSet train, VqaMeasure measure, VqaSet test) {
        TrainingLoop.Builder loop =
                new VqaTraining(
                                config.epochs(),
                                config.learningRate(),
                                config.weightDecay(),
                                WARM_UP,
                                config.precision(),
                                config.seed())
                        .loop(
                                model.block(),
                                new VqaBatches(train, config),
                                new VqaLoss(config.teaching()))
                        .optCallback(new Progress(config, measure, test));
        if (config.work() != null) {
            loop.optCheckpointFolder(config.work()).optResume(true);
        }
        return WholeTraining.require(loop.build().run());
    }

    private Figures figures(LoadedModel model, TrainingResult result, Map<String, Double> metrics) {
        return new Figures(
                config.data().name(),
                config.variant().label(),
                config.seed(),
                config.epochs(),
                config.pictures(),
                config.mirrored(),
                model.numParameters(),
                device.toString(),
                RunPrecision.of(config.precision(), device),
                result.wholeSeconds(),
                result.examples() / result.wholeSeconds(),
                result.loss(),
                metrics);
    }

    /** A line now and then, to see whether it learns; nothing is decided by it. */
    private static final class Progress implements TrainingCallback {

        private final VqaConfig config;
        private final VqaMeasure measure;
        private final VqaSet test;
        private final long started = System.nanoTime();
        private double smooth = Double.NaN;

        Progress(VqaConfig config, VqaMeasure measure, VqaSet test) {
            this.config = config;
            this.measure = measure;
            this.test = test;
        }

        @Override
        public void onStep(StepReport step) {
            smooth = Double.isNaN(smooth) ? step.loss() : 0.98 * smooth + 0.02 * step.loss();
            long every = Math.max(1, step.totalSteps() / LOOKS);
            if (step.step() % every == 0 || step.step() == 20) {
                Map<String, Double> now = measure.whole(test);
                System.err.printf(
                        Locale.ROOT,
                        "%s seed %d: epoch %.1f loss %.3f, %s, %.0f s%n",
                        config.variant().label(),
                        config.seed(),
                        step.epochs(),
                        smooth,
                        now.entrySet().stream()
                                .filter(each -> !each.getKey().startsWith("unseen "))
                                .map(each -> "%s %.3f".formatted(each.getKey(), each.getValue()))
                                .collect(Collectors.joining(" ")),
                        (System.nanoTime() - started) / 1e9);
            }
        }
    }
}
