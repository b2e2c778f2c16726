package org.jzoo.examples.quantize;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.Granularity;
import org.jzoo.blocks.quantization.ScaleRule;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.TextBatches;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.examples.recipe.GlueTexts;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.examples.recipe.ShortTraining;
import org.jzoo.training.compression.quantization.PostTraining;
import org.jzoo.training.compression.quantization.QuantizationAware;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.tuning.Tuning;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.TensorType;

/**
 * One tuned model whose matrices get few bits by each method, judged on a development set that
 * decides nothing.
 */
public final class QuantizationRun {

    /** What training with rounded weights is called beside {@link QuantizeMethod}s. */
    public static final String AWARE = "qat";

    /** What the model without rounding is called. */
    public static final String NONE = "float32";

    private static final List<String> TARGETS = List.of("encoder.*");
    private static final double TUNING_RATE = 1e-4;
    private static final double WARMUP = 0.06;
    private static final double AWARE_RATE = 5e-5;
    private static final int BATCH = 32;
    private static final int MAX_LENGTH = 128;

    private final Config config;
    private final long seed;
    private final TextData data;
    private final JsonLines<Figures> lines;
    private final Consumer<Figures> listener;

    /**
     * What is measured.
     *
     * @param glue folder with GLUE's folders
     * @param task of GLUE
     * @param model a pretrained model's name, or its folder
     * @param epochs of its tuning
     * @param steps of training with rounded weights
     * @param texts that methods look at
     * @param group weights that share a scale; 0 for those of a row
     * @param limit rows of a file that are read at most
     * @param work folder of tuned models
     * @param precision of matrix products while training
     * @param device where it runs
     */
    public record Config(
            Path glue,
            GlueTask task,
            String model,
            int epochs,
            int steps,
            int texts,
            int group,
            int limit,
            Path work,
            Precision precision,
            Device device) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Config {
            if (epochs < 1 || steps < 1 || texts < 1 || group < 0 || limit < 1) {
                throw new IllegalArgumentException(
                        "epochs, steps, texts and limit must be >= 1 and group >= 0, got epochs=%d, steps=%d, texts=%d, group=%d, limit=%d"
                                .formatted(epochs, steps, texts, group, limit));
            }
        }
    }

    /**
     * What a model of few bits is worth.
     *
     * @param task GLUE's name of the task
     * @param model a pretrained model's name
     * @param seed of tuning and of the choice of texts
     * @param bits of a weight; 32 without rounding
     * @param method a method's name in small letters
     * @param group weights that share a scale; 0 for those of a row
     * @param metrics on the development set
     * @param divergence mean over texts of KL(float32's answer ‖ this one's), or the mean squared
     *     difference of numbers
     * @param device where it ran
     * @param precision of matrix products while training; what is judged computes in float32
     * @param seconds that the method took
     */
    public record Figures(
            String task,
            String model,
            long seed,
            int bits,
            String method,
            int group,
            Map<String, Double> metrics,
            double divergence,
            String device,
            String precision,
            double seconds) {}

    private QuantizationRun(
            Config config, long seed, JsonLines<Figures> lines, Consumer<Figures> listener) {
        this.config = config;
        this.seed = seed;
        this.lines = lines;
        this.listener = listener;
        data = GlueTexts.of(config.glue(), config.task(), config.limit());
    }

    /**
     * Measures what is not measured yet.
     *
     * @param methods names of {@link QuantizeMethod}s in small letters, and {@value #AWARE}
     * @param file of JSON lines, created if missing; figures are added as they come
     */
    public static void run(
            Config config,
            List<Long> seeds,
            List<Integer> bits,
            List<String> methods,
            Path file,
            Consumer<Figures> listener)
            throws Exception {
        for (long seed : seeds) {
            JsonLines<Figures> lines = new JsonLines<>(file, Figures.class);
            new QuantizationRun(config, seed, lines, listener).run(bits, methods);
        }
    }

    private void run(List<Integer> bits, List<String> methods) throws Exception {
        Path tuned =
                config.work()
                        .resolve(
                                "%s-%s-%d"
                                        .formatted(
                                                Path.of(config.model()).getFileName(),
                                                config.task().folder(),
                                                seed));
        if (!ModelFolder.isPresent(tuned)) {
            tune(tuned);
        }
        float[][] answers;
        try (LoadedModel whole = ModelFolder.load(tuned, config.device())) {
            answers = answers(whole);
            add(whole, 32, NONE, answers, 0);
        }
        for (int each : bits) {
            for (String method : methods) {
                if (isDone(each, method)) {
                    continue;
                }
                try (LoadedModel model = ModelFolder.load(tuned, config.device())) {
                    long start = System.nanoTime();
                    round(model, each, method);
                    add(model, each, method, answers, (System.nanoTime() - start) / 1e9);
                }
            }
        }
    }

    private boolean isDone(int bits, String method) throws IOException {
        return lines.read().stream()
                .anyMatch(
                        f ->
                                f.seed() == seed
                                        && f.bits() == bits
                                        && f.method().equals(method)
                                        && f.group() == config.group()
                                        && f.model().equals(config.model())
                                        && f.task().equals(config.task().folder()));
    }

    private void tune(Path folder) throws IOException, MalformedModelException {
        FineTuneConfig tuning =
                FineTuneConfig.builder()
                        .optModel(config.model())
                        .optTuning(Tuning.full())
                        .optEpochs(config.epochs())
                        .optBatchSize(2 * BATCH)
                        .optLearningRate(TUNING_RATE)
                        .optSeed(seed)
                        .optDevice(config.device())
                        .optPrecision(config.precision())
                        .build();
        try (FineTuned tuned = new FineTune(tuning, data).run()) {
            ModelFolder.save(folder, tuned.model(), "# Tuned\n", TensorType.F32);
        }
    }

    private void round(LoadedModel model, int bits, String method) {
        Part block = (Part) model.block();
        if (method.equals(AWARE)) {
            aware(model, block, bits);
            return;
        }
        QuantizeMethod kind = QuantizeMethod.valueOf(method.toUpperCase(Locale.ROOT));
        try (CalibrationTexts texts =
                CalibrationTexts.of(model, data.train(), config.texts(), MAX_LENGTH, seed)) {
            new PostTraining(kind.of(bits, config.group(), seed), TARGETS)
                    .apply(block, texts.batches(), texts.loss());
        }
    }

    private void aware(LoadedModel model, Part block, int bits) {
        WeightGrid grid =
                new WeightGrid(
                        bits,
                        true,
                        config.group() > 0 ? Granularity.GROUP : Granularity.CHANNEL,
                        config.group());
        new QuantizationAware(grid, ScaleRule.LEARNED, TARGETS).apply(block);
        try (EncodedDataset train = data.encoded(data.train(), model, MAX_LENGTH)) {
            new ShortTraining(config.steps(), AWARE_RATE, WARMUP, config.precision(), seed)
                    .run(
                            block,
                            new TextBatches(train, BatchingConfig.training(BATCH, seed)),
                            data.loss());
        }
        QuantizationAware.pack(block);
    }

    private void add(LoadedModel model, int bits, String method, float[][] whole, double seconds)
            throws IOException {
        if (isDone(bits, method)) {
            return;
        }
        Figures figures =
                new Figures(
                        config.task().folder(),
                        config.model(),
                        seed,
                        bits,
                        method,
                        config.group(),
                        data.judge(model, MAX_LENGTH, Precision.FLOAT32),
                        divergence(whole, answers(model)),
                        config.device().toString(),
                        config.precision().name(),
                        seconds);
        lines.append(List.of(figures));
        listener.accept(figures);
    }

    /** What a model says of each text of the development set, always in the same order. */
    private float[][] answers(LoadedModel model) {
        List<float[]> all = new ArrayList<>();
        try (EncodedDataset test = data.encoded(data.test(), model, MAX_LENGTH);
                GradientMode off = GradientMode.off();
                NDManager manager = PyTorch.engine().newBaseManager(config.device())) {
            Batches batches = new TextBatches(test, BatchingConfig.evaluation(2 * BATCH));
            for (int i = 0; i < batches.size(0); i++) {
                try (NDManager scope = manager.newSubManager()) {
                    TrainingBatch batch = batches.batch(0, i, scope);
                    NDList outputs =
                            model.block()
                                    .forward(
                                            new ParameterStore(scope, false),
                                            batch.inputs(),
                                            false,
                                            batch.context(Precision.FLOAT32).asParams());
                    float[] flat = outputs.head().toFloatArray();
                    int width = flat.length / (int) batch.examples();
                    for (int row = 0; row < batch.examples(); row++) {
                        float[] answer = new float[width];
                        System.arraycopy(flat, row * width, answer, 0, width);
                        all.add(answer);
                    }
                }
            }
        }
        return all.toArray(new float[0][]);
    }

    static double divergence(float[][] whole, float[][] rounded) {
        double sum = 0;
        for (int i = 0; i < whole.length; i++) {
            if (whole[i].length == 1) {
                double apart = whole[i][0] - rounded[i][0];
                sum += apart * apart;
                continue;
            }
            double[] p = logSoftmax(whole[i]);
            double[] q = logSoftmax(rounded[i]);
            for (int c = 0; c < p.length; c++) {
                sum += Math.exp(p[c]) * (p[c] - q[c]);
            }
        }
        return sum / whole.length;
    }

    private static double[] logSoftmax(float[] logits) {
        double most = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - most);
        }
        double[] logs = new double[logits.length];
        for (int c = 0; c < logs.length; c++) {
            logs[c] = logits[c] - most - Math.log(sum);
        }
        return logs;
    }
}
