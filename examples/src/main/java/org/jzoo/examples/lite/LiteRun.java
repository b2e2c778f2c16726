package org.jzoo.examples.lite;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.glue.GlueTask;
import org.jzoo.examples.compress.RoundedStudent;
import org.jzoo.examples.compress.SmallerModel;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.examples.recipe.GlueTeacher;
import org.jzoo.examples.recipe.JsonLines;
import org.jzoo.training.compression.quantization.EmbeddingPacking;
import org.jzoo.training.compression.quantization.PostTraining;
import org.jzoo.training.compression.quantization.RoundToNearest;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorType;

/**
 * One task with one seed: the teacher is tuned, then each variant is made, taught and judged on the
 * development set, which decides nothing.
 */
public final class LiteRun {

    private static final double DROPOUT = 0.1;
    private static final EmbeddingPacking TABLES =
            EmbeddingPacking.perRow(RoundedStudent.TABLE_BITS);
    private static final List<String> TARGETS = List.of("encoder.*");

    private final LiteConfig config;
    private final LiteStudents students;
    private final GlueTask task;
    private final long seed;
    private final TextData data;
    private final JsonLines<LiteFigures> lines;
    private final Consumer<LiteFigures> listener;
    private long clock = System.nanoTime();

    private LiteRun(
            LiteConfig config,
            LiteStudents students,
            GlueTask task,
            long seed,
            JsonLines<LiteFigures> lines,
            Consumer<LiteFigures> listener) {
        this.config = config;
        this.students = students;
        this.task = task;
        this.seed = seed;
        this.lines = lines;
        this.listener = listener;
        data = students.texts().data(task);
    }

    /**
     * Runs what is not done yet.
     *
     * @param file of JSON lines, created if missing; each model's figures are added as they come
     * @param listener hears of them too
     */
    public static void run(
            LiteConfig config,
            List<GlueTask> tasks,
            List<Long> seeds,
            List<LiteVariant> variants,
            Path file,
            int[] shard,
            Consumer<LiteFigures> listener)
            throws Exception {
        LiteStudents students = new LiteStudents(config);
        if (variants.contains(LiteVariant.GENERAL_FIRST)) {
            students.tryGeneral();
        }
        int number = 0;
        for (GlueTask task : tasks) {
            for (long seed : seeds) {
                if (number++ % shard[1] == shard[0]) {
                    JsonLines<LiteFigures> lines = new JsonLines<>(file, LiteFigures.class);
                    new LiteRun(config, students, task, seed, lines, listener).run(variants);
                }
            }
        }
    }

    private void run(List<LiteVariant> variants) throws Exception {
        try (LoadedModel whole = teacher();
                LoadedModel teacher = students.fewerTokens(whole)) {
            for (LiteVariant variant : variants) {
                String last =
                        variant == LiteVariant.FULL ? LiteFigures.PACKED : LiteFigures.TRAINED;
                if (!isDone(variant.label(), last)) {
                    clock = System.nanoTime();
                    run(variant, teacher);
                }
            }
        }
    }

    private boolean isDone(String variant, String step) throws IOException {
        return made().anyMatch(figures -> figures.isOf(variant, step));
    }

    private Stream<LiteFigures> made() throws IOException {
        return lines.read().stream().filter(f -> f.isOf(config, task.folder(), seed));
    }

    private void run(LiteVariant variant, LoadedModel teacher) throws Exception {
        LiteTraining training = new LiteTraining(config, seed);
        try (LiteStudents.Student start = start(variant, teacher)) {
            boolean fromLabels = variant.fromLabels();
            try (LoadedModel student = copy(start.model(), teacher, fromLabels ? DROPOUT : 0);
                    LiteTraining.Lessons lessons =
                            fromLabels
                                    ? training.labelled(teacher, data)
                                    : lessons(training, teacher, start)) {
                if (variant == LiteVariant.FULL) {
                    add(variant.label(), LiteFigures.PRUNED, student, 0);
                }
                training.task(student, lessons, fromLabels);
                add(variant.label(), LiteFigures.TRAINED, student, 0);
                if (variant == LiteVariant.FULL) {
                    rounded(student);
                    packed(variant, student, training, lessons);
                }
            }
        }
    }

    private LoadedModel copy(LoadedModel body, LoadedModel head, double dropout) {
        return SmallerModel.underHead(body, head, dropout, config.device());
    }

    private LiteTraining.Lessons lessons(
            LiteTraining training, LoadedModel teacher, LiteStudents.Student start) {
        return training.lessons(
                teacher,
                start.kept(),
                data,
                students.texts().others(task),
                students.tokens()
                        .fixed(teacher.tokenizer(), LiteStudents.encoder(teacher).padding()));
    }

    private LiteStudents.Student start(LiteVariant variant, LoadedModel teacher)
            throws IOException, MalformedModelException {
        return switch (variant) {
            case FULL, NO_DISTILLATION -> byImportance(teacher);
            case NO_IMPORTANCE -> students.cut(teacher, null, null, seed);
            case TRUNCATED -> students.truncated(teacher);
            case SCRATCH -> fresh(teacher);
            case GENERAL_FIRST -> students.general();
        };
    }

    private LiteStudents.Student byImportance(LoadedModel teacher) {
        try (EncodedDataset sample = data.encoded(data.train(), teacher, LiteConfig.MAX_LENGTH)) {
            return students.cut(teacher, data.loss(), sample, seed);
        }
    }

    private LiteStudents.Student fresh(LoadedModel teacher) {
        try (LiteStudents.Student cut = students.cut(teacher, null, null, seed)) {
            ModelConfig same = cut.model().config();
            return new LiteStudents.Student(
                    LoadedModel.fresh(
                            "scratch", same, cut.model().tokenizer().copy(), seed, config.device()),
                    cut.kept());
        }
    }

    private LoadedModel teacher() throws Exception {
        Path folder = config.work().resolve("teacher-%s-%d".formatted(task.folder(), seed));
        if (ModelFolder.isPresent(folder) && isDone(LiteFigures.TEACHER, LiteFigures.TEACHER)) {
            return ModelFolder.load(folder, config.device());
        }
        clock = System.nanoTime();
        FineTuned tuned =
                new GlueTeacher(config.teacher(), task, LiteConfig.MAX_LENGTH, seed)
                        .tune(data, config.device(), config.precision());
        ModelFolder.save(folder, tuned.model(), "# A teacher\n", TensorType.F32);
        add(
                LiteFigures.TEACHER,
                LiteFigures.TEACHER,
                tuned.model(),
                Files.size(folder.resolve(Safetensors.FILE_NAME)));
        return tuned.model();
    }

    // The trained student's weights on their grid, without any training for it.
    private void rounded(LoadedModel student) throws Exception {
        try (LoadedModel copy = copy(student, student, 0)) {
            new PostTraining(
                            new RoundToNearest(
                                    WeightGrid.perGroup(LiteConfig.BITS, LiteConfig.GROUP)),
                            TARGETS)
                    .apply((Part) copy.block(), null, null);
            TABLES.apply((Part) copy.block());
            add(LiteVariant.FULL.label(), LiteFigures.ROUNDED, copy, 0);
        }
    }

    private void packed(
            LiteVariant variant,
            LoadedModel student,
            LiteTraining training,
            LiteTraining.Lessons lessons)
            throws Exception {
        long weights = student.numParameters();
        RoundedStudent.begin(student, LiteConfig.BITS);
        training.rounded(student, lessons);
        RoundedStudent.pack(student);
        Path folder =
                config.work().resolve("%s-%s-%d".formatted(variant.label(), task.folder(), seed));
        ModelFolder.save(folder, student, "# Not measured yet\n", TensorType.F16);
        LiteFigures figures;
        try (LoadedModel small = ModelFolder.load(folder, Device.cpu())) {
            figures =
                    measured(
                            variant.label(),
                            LiteFigures.PACKED,
                            small,
                            weights,
                            Files.size(folder.resolve(Safetensors.FILE_NAME)));
        }
        List<LiteFigures> own =
                made().filter(f -> f.step().equals(LiteFigures.TEACHER))
                        .collect(Collectors.toCollection(ArrayList::new));
        own.add(figures);
        ModelFolder.save(folder, student, LiteCard.of(student, config, data, own), TensorType.F16);
        add(figures);
    }

    private void add(String variant, String step, LoadedModel model, long bytes)
            throws IOException {
        add(measured(variant, step, model, model.numParameters(), bytes));
    }

    // A variant that was stopped between its steps begins again; what it told is not told twice.
    private void add(LiteFigures figures) throws IOException {
        if (!isDone(figures.variant(), figures.step())) {
            lines.append(List.of(figures));
            listener.accept(figures);
        }
        clock = System.nanoTime();
    }

    private LiteFigures measured(
            String variant, String step, LoadedModel model, long weights, long bytes) {
        double seconds = (System.nanoTime() - clock) / 1e9;
        Map<String, Double> metrics = data.judge(model, LiteConfig.MAX_LENGTH, Precision.FLOAT32);
        double score = task.metrics().stream().mapToDouble(metrics::get).average().orElseThrow();
        EncoderConfig encoder = LiteStudents.encoder(model);
        return new LiteFigures(
                task.folder(),
                seed,
                variant,
                step,
                metrics,
                score,
                weights,
                bytes,
                config.share(),
                "%d layers, %d heads, %d channels, %d tokens of rank %s"
                        .formatted(
                                encoder.stack().numLayers(),
                                StackShape.heads(encoder),
                                StackShape.channels(encoder),
                                encoder.vocabularySize(),
                                encoder.tokenRank()),
                config.steps(),
                config.device().toString(),
                config.precision().name(),
                seconds);
    }
}
