package org.jzoo.examples.lite;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jzoo.examples.compress.CompressConfig;
import org.jzoo.examples.compress.Compression;
import org.jzoo.examples.compress.RoundedStudent;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.examples.recipe.RunPrecision;
import org.jzoo.examples.recipe.VqaConfig;
import org.jzoo.examples.recipe.VqaLessons;
import org.jzoo.examples.recipe.VqaVariant;
import org.jzoo.examples.recipe.WholeTraining;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorType;

/**
 * One seed of the students of J1s: the teacher is read, then each variant is made, taught as long
 * as the others and judged on the seed's test pictures, which decide nothing.
 */
public final class LiteVqaRun {

    /** The variants that there are of J1's students. */
    public static final List<LiteVariant> VARIANTS =
            List.of(
                    LiteVariant.FULL,
                    LiteVariant.NO_IMPORTANCE,
                    LiteVariant.NO_DISTILLATION,
                    LiteVariant.TRUNCATED,
                    LiteVariant.SCRATCH);

    static final String TASK = "Sort-of-CLEVR";
    static final String SCORE = "all";
    private static final int QUESTIONS = VqaLessons.QUESTIONS;
    private static final double WARM_UP = 0.05;
    private static final int LOOKS = 6;

    private final LiteVqaConfig config;
    private final long seed;
    private final LoadedModel teacher;
    private final VqaLessons lessons;
    private final Compression compression;
    private final LiteVqaStudents students;
    private final JsonLines<LiteFigures> lines;
    private final Consumer<LiteFigures> listener;
    private long clock = System.nanoTime();

    private LiteVqaRun(
            LiteVqaConfig config,
            long seed,
            LoadedModel teacher,
            VqaLessons lessons,
            Compression compression,
            JsonLines<LiteFigures> lines,
            Consumer<LiteFigures> listener) {
        this.config = config;
        this.seed = seed;
        this.teacher = teacher;
        this.lessons = lessons;
        this.compression = compression.followingHiddenStates(config.hiddenWeight());
        students = new LiteVqaStudents(teacher, compression, config.device(), seed);
        this.lines = lines;
        this.listener = listener;
    }

    /**
     * Runs what is not done yet.
     *
     * @param variants some of {@link #VARIANTS}
     * @param file of JSON lines, created if missing; each model's figures are added as they come
     * @param listener hears of them too
     * @throws IllegalArgumentException if a variant is none of J1's students'
     */
    public static void run(
            LiteVqaConfig config,
            long seed,
            List<LiteVariant> variants,
            Path file,
            Consumer<LiteFigures> listener)
            throws Exception {
        for (LiteVariant variant : variants) {
            if (!VARIANTS.contains(variant)) {
                throw new IllegalArgumentException(
                        "variant must be one of %s, got variant=%s"
                                .formatted(
                                        VARIANTS.stream().map(LiteVariant::label).toList(),
                                        variant.label()));
            }
        }
        JsonLines<LiteFigures> lines = new JsonLines<>(file, LiteFigures.class);
        VqaConfig data =
                VqaConfig.builder(VqaVariant.FULL)
                        .optSeed(seed)
                        .optPictures(config.pictures())
                        .optBatchPictures(config.batchPictures())
                        .optMirrored(true)
                        .build();
        try (LoadedModel teacher = ModelFolder.load(config.teacher(seed), config.device());
                VqaLessons lessons = new VqaLessons(data, teacher, config.device());
                Compression compression =
                        Compression.inCuts(teacher, compressing(config, seed), lessons, 1)) {
            LiteVqaRun run =
                    new LiteVqaRun(config, seed, teacher, lessons, compression, lines, listener);
            run.teacher();
            for (LiteVariant variant : variants) {
                run.run(variant);
            }
        }
    }

    private static CompressConfig compressing(LiteVqaConfig config, long seed) {
        return CompressConfig.builder()
                .setShare(config.share())
                .setTraining(how(config, seed, config.epochs(), config.learningRate(), "plan"))
                .optFewerTokens(false)
                .optLabelShare(LiteVqaConfig.LABEL_SHARE)
                .optTemperature(LiteVqaConfig.TEMPERATURE)
                .optImportanceBatches(LiteVqaConfig.IMPORTANCE_BATCHES)
                .build();
    }

    private static FineTuneConfig how(
            LiteVqaConfig config, long seed, int epochs, double rate, String name) {
        return FineTuneConfig.builder()
                .optModel(config.teacher(seed).toString())
                .optEpochs(epochs)
                .optBatchSize(config.batchPictures() * QUESTIONS)
                .optLearningRate(rate)
                .optWeightDecay(LiteVqaConfig.WEIGHT_DECAY)
                .optWarmupShare(WARM_UP)
                .optPrecision(config.precision())
                .optSeed(seed)
                .optDevice(config.device())
                .optWork(config.work().resolve(name))
                .optResume(true)
                .build();
    }

    private FineTuneConfig how(LiteVariant variant, boolean rounded) {
        return how(
                config,
                seed,
                rounded ? config.roundedEpochs() : config.epochs(),
                rounded ? config.learningRate() / 2 : config.learningRate(),
                "%s-%d-%s".formatted(variant.label(), seed, rounded ? "rounding" : "teaching"));
    }

    private boolean isDone(String variant, String step) throws IOException {
        return lines.read().stream().anyMatch(f -> isOwn(f) && f.isOf(variant, step));
    }

    private boolean isOwn(LiteFigures f) {
        return f.task().equals(TASK)
                && f.seed() == seed
                && f.share() == config.share()
                && f.steps().equals(config.steps());
    }

    // Of the teacher and of the whole recipe, the packed model's last.
    private List<LiteFigures> own() throws IOException {
        return lines.read().stream()
                .filter(
                        f ->
                                isOwn(f)
                                        && (f.variant().equals(LiteFigures.TEACHER)
                                                || f.variant().equals(LiteVariant.FULL.label())))
                .toList();
    }

    private void teacher() throws IOException {
        if (!isDone(LiteFigures.TEACHER, LiteFigures.TEACHER)) {
            add(
                    LiteFigures.TEACHER,
                    LiteFigures.TEACHER,
                    teacher,
                    Files.size(config.teacher(seed).resolve(Safetensors.FILE_NAME)),
                    0);
        }
    }

    private void run(LiteVariant variant) throws Exception {
        boolean full = variant == LiteVariant.FULL;
        boolean measured = isDone(variant.label(), LiteFigures.TRAINED);
        boolean rounded = !full || isDone(variant.label(), LiteFigures.ROUNDED);
        boolean packed = !full || isDone(variant.label(), LiteFigures.PACKED);
        if (measured && rounded && packed) {
            return;
        }
        Path taught = config.work().resolve("%s-%d-taught".formatted(variant.label(), seed));
        double seconds = isTaught(taught) ? 0 : teach(variant, taught);
        if (!measured) {
            try (LoadedModel student = ModelFolder.load(taught, config.device())) {
                add(variant.label(), LiteFigures.TRAINED, student, 0, seconds);
            }
        }
        if (!rounded) {
            rounded(variant, taught);
        }
        if (!packed) {
            packed(variant, taught);
        }
    }

    // On the grid where training would begin, without any.
    private void rounded(LiteVariant variant, Path taught) throws Exception {
        try (LoadedModel student = ModelFolder.load(taught, config.device())) {
            long weights = student.numParameters();
            RoundedStudent.begin(student, LiteVqaConfig.BITS);
            add(variant.label(), LiteFigures.ROUNDED, student, weights, 0, 0);
        }
    }

    private double teach(LiteVariant variant, Path folder) throws Exception {
        LoadedModel student = students.start(variant);
        if (variant == LiteVariant.FULL && !isDone(variant.label(), LiteFigures.PRUNED)) {
            add(variant.label(), LiteFigures.PRUNED, student, 0, 0);
        }
        FineTuneConfig how = how(variant, false);
        FineTuning training =
                variant.fromLabels()
                        ? lessons.training(how, student, null)
                        : compression.teaching(student, how);
        try (FineTuned tuned = run(training, variant.label())) {
            ModelFolder.save(folder, tuned.model(), training.card(tuned), TensorType.F32);
            return tuned.training().wholeSeconds();
        }
    }

    private boolean isTaught(Path folder) throws Exception {
        if (!ModelFolder.isPresent(folder)) {
            return false;
        }
        try (LoadedModel student = ModelFolder.load(folder, Device.cpu())) {
            return compression.hasPlannedSize(student);
        }
    }

    // The folder is read again before it is judged.
    private void packed(LiteVariant variant, Path taught) throws Exception {
        LoadedModel student = ModelFolder.load(taught, config.device());
        double seconds = 0;
        if (config.roundedEpochs() == 0) {
            RoundedStudent.begin(student, LiteVqaConfig.BITS);
        } else {
            FineTuning training =
                    compression.rounding(student, LiteVqaConfig.BITS, how(variant, true));
            FineTuned rounded = run(training, variant.label() + " rounded");
            seconds = rounded.training().wholeSeconds();
        }
        Path folder = config.save().resolve("%s-%d".formatted(variant.label(), seed));
        try (student) {
            RoundedStudent.pack(student);
            ModelFolder.save(folder, student, "# A student\n", TensorType.F16);
            try (LoadedModel small = ModelFolder.load(folder, Device.cpu())) {
                long bytes = Files.size(folder.resolve(Safetensors.FILE_NAME));
                add(variant.label(), LiteFigures.PACKED, small, bytes, seconds);
                String card =
                        LiteVqaCard.of(small, config, lessons, compression.shape(small), own());
                ModelFolder.save(folder, student, card, TensorType.F16);
            }
        }
    }

    private FineTuned run(FineTuning training, String name) throws Exception {
        FineTuned tuned = training.with(new Progress(name, seed)).run();
        WholeTraining.require(tuned.training());
        return tuned;
    }

    private void add(String variant, String step, LoadedModel model, long bytes, double training)
            throws IOException {
        add(variant, step, model, model.numParameters(), bytes, training);
    }

    private void add(
            String variant,
            String step,
            LoadedModel model,
            long weights,
            long bytes,
            double training)
            throws IOException {
        double seconds = training > 0 ? training : (System.nanoTime() - clock) / 1e9;
        Map<String, Double> metrics = lessons.measure(model);
        LiteFigures figures =
                new LiteFigures(
                        TASK,
                        seed,
                        variant,
                        step,
                        metrics,
                        metrics.get(SCORE),
                        weights,
                        bytes,
                        config.share(),
                        String.join("; ", compression.shape(model)),
                        config.steps(),
                        config.device().toString(),
                        RunPrecision.of(config.precision(), config.device()),
                        seconds);
        lines.append(List.of(figures));
        listener.accept(figures);
        clock = System.nanoTime();
    }

    /** A line now and then, to see whether it learns. */
    private static final class Progress implements TrainingCallback {

        private final String name;
        private final long seed;
        private final long started = System.nanoTime();
        private double smooth = Double.NaN;

        Progress(String name, long seed) {
            this.name = name;
            this.seed = seed;
        }

        @Override
        public void onStep(StepReport step) {
            smooth = Double.isNaN(smooth) ? step.loss() : 0.98 * smooth + 0.02 * step.loss();
            long every = Math.max(1, step.totalSteps() / LOOKS);
            if (step.step() % every == 0 || step.step() == 20) {
                System.err.printf(
                        Locale.ROOT,
                        "%s seed %d: epoch %.1f loss %.3f, %.0f s%n",
                        name,
                        seed,
                        step.epochs(),
                        smooth,
                        (System.nanoTime() - started) / 1e9);
            }
        }
    }
}
