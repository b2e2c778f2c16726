package org.jzoo.examples.technique;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jzoo.blocks.adapter.LoraConfig;
import org.jzoo.datasets.imdb.ImdbReviews;
import org.jzoo.datasets.split.SentenceHoldOut;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.MoreTexts;
import org.jzoo.examples.finetune.Regularization;
import org.jzoo.examples.finetune.TeacherAnswers;
import org.jzoo.examples.finetune.Teaching;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.examples.recipe.GlueRun;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.tuning.LoraTuning;
import org.jzoo.training.tuning.Tuning;
import org.jzoo.zoo.registry.ModelSource;

/**
 * One fine-tuning with some techniques, judged once after the last step: on training sentences that
 * were held out, with all their phrases, or on the development set.
 *
 * @param model a pretrained model's name
 * @param techniques as {@link Technique#write} writes them
 * @param tuning "full" or "lora"
 * @param judged "held-out" or "dev"
 * @param seed of weights, order and dropout, and of which sentences are held out
 */
public record TechniqueRun(
        String model, String techniques, String tuning, String judged, long seed) {

    /** What is judged to choose techniques. */
    public static final String HELD_OUT = "held-out";

    /** What is judged with the chosen ones. */
    public static final String DEV = "dev";

    private static final int LORA_RANK = 6;
    private static final int TEACHER_EPOCHS = 2;
    private static final double SHARE_OF_LABELS = 0.5;
    private static final double TEMPERATURE = 2;
    private static final double DECAY = 0.9;
    private static final int REVIEWS_OF_A_LABEL = 12_500;

    /**
     * What came of a run.
     *
     * @param seconds of all its parts, teacher and judging included; what was done before it was
     *     stopped and went on is not counted
     */
    public record Figures(
            String task,
            String model,
            String techniques,
            String tuning,
            String judged,
            long seed,
            int epochs,
            int batchSize,
            int everySentence,
            double rate,
            String device,
            double seconds,
            Map<String, Double> metrics) {

        /** Validates; lines of older runs name no sentences: of four, one. */
        public Figures {
            everySentence = everySentence == 0 ? TechniqueConfig.USUAL_SENTENCE : everySentence;
        }

        /** The run whose figures they are. */
        public TechniqueRun run() {
            return new TechniqueRun(model, techniques, tuning, judged, seed);
        }
    }

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a word is not known
     */
    public TechniqueRun {
        if (!tuning.equals("full") && !tuning.equals("lora")) {
            throw new IllegalArgumentException("tuning must be full or lora, got tuning=" + tuning);
        }
        if (Technique.read(techniques).contains(Technique.PERTURBATION) && tuning.equals("lora")) {
            throw new IllegalArgumentException(
                    "tuning must be full for perturbation, which moves word embeddings that learn,"
                            + " got tuning="
                            + tuning);
        }
        if (!judged.equals(HELD_OUT) && !judged.equals(DEV)) {
            throw new IllegalArgumentException(
                    "judged must be held-out or dev, got judged=" + judged);
        }
    }

    /** Whether figures are those of this run with that configuration. */
    public boolean made(Figures figures, TechniqueConfig config) {
        boolean sentences = Technique.read(techniques).contains(Technique.SENTENCES);
        return figures.run().equals(this)
                && figures.task().equals(config.task().folder())
                && figures.epochs() == config.epochs()
                && figures.batchSize() == config.batchSize()
                && figures.rate() == rate(config)
                && (!sentences || figures.everySentence() == config.everySentence());
    }

    /** Runs. */
    public Figures run(TechniqueConfig config) throws Exception {
        long start = System.nanoTime();
        Set<Technique> used = Technique.read(techniques);
        TextData data = data(config);
        Map<String, Double> metrics;
        if (used.contains(Technique.TAUGHT)) {
            try (FineTuned teacher = teacher(config, data, used)) {
                metrics = student(config, data, used, teacher);
            }
        } else {
            metrics = student(config, data, used, null);
        }
        return new Figures(
                config.task().folder(),
                model,
                techniques,
                tuning,
                judged,
                seed,
                config.epochs(),
                config.batchSize(),
                config.everySentence(),
                rate(config),
                config.device() + " " + GlueRun.label(config.device(), config.precision()),
                (System.nanoTime() - start) / 1e9,
                metrics);
    }

    private double rate(TechniqueConfig config) {
        return tuning.equals("lora") ? config.loraRate() : config.rate();
    }

    private TextData data(TechniqueConfig config) {
        TextSource train = config.task().train(config.glue()).first(config.limit());
        TextSource test = config.task().dev(config.glue());
        if (judged.equals(HELD_OUT)) {
            int fold = Math.floorMod(seed, TechniqueConfig.FOLDS);
            SentenceHoldOut split = SentenceHoldOut.of(train, TechniqueConfig.FOLDS, fold);
            train = split.rest();
            test = split.heldOut();
        }
        return new TextData(
                config.task().folder(),
                config.task().sha256(config.glue()),
                train,
                null,
                test,
                config.task().labels(),
                false);
    }

    private FineTuned teacher(TechniqueConfig config, TextData data, Set<Technique> used)
            throws Exception {
        FineTuneConfig tuning =
                common(config, config.teacher(), "teacher")
                        .optEpochs(TEACHER_EPOCHS)
                        .optLearningRate(config.rate())
                        .build();
        return tune(config, tuning, new FineTune(tuning, data), used);
    }

    private Map<String, Double> student(
            TechniqueConfig config, TextData data, Set<Technique> used, FineTuned teacher)
            throws Exception {
        Regularization regularization = Regularization.NONE;
        for (Technique technique : used) {
            regularization = technique.into(regularization);
        }
        FineTuneConfig tuning =
                common(config, model, "student")
                        .optTuning(what())
                        .optEpochs(config.epochs())
                        .optLearningRate(rate(config))
                        .optLayerDecay(used.contains(Technique.DECAY) ? DECAY : 1)
                        .optRegularization(regularization)
                        .build();
        FineTune student = new FineTune(tuning, data);
        if (teacher != null && used.contains(Technique.SENTENCES)) {
            TextSource sentences = ReviewTexts.sentences(reviews(config), config.everySentence());
            student.taughtBy(teaching(teacher, 0), new MoreTexts(sentences, ""));
        } else if (teacher != null) {
            student.taughtBy(teaching(teacher, SHARE_OF_LABELS));
        }
        if (tuning.work() != null) {
            student.keepingAnswers(tuning.work().resolve(TeacherAnswers.FILE_NAME));
        }
        try (FineTuned tuned = tune(config, tuning, student, used)) {
            return tuned.test();
        }
    }

    private static Teaching teaching(FineTuned teacher, double labelShare) {
        return new Teaching(teacher.model(), labelShare, TEMPERATURE, List.of());
    }

    private Tuning what() {
        return tuning.equals("full")
                ? Tuning.full()
                : new LoraTuning(
                        new LoraConfig(LORA_RANK, 2.0 * LORA_RANK, 0.05, false),
                        LoraTuning.ALL_LINEAR,
                        List.of(Tuning.HEAD),
                        null);
    }

    private FineTuned tune(
            TechniqueConfig config, FineTuneConfig tuning, FineTune own, Set<Technique> used)
            throws Exception {
        if (!used.contains(Technique.REVIEWS)) {
            return whole(own.run());
        }
        try (FineTuned first = onReviews(config, tuning)) {
            own.startingFrom(task -> ModelSource.under(first.model(), task));
            return whole(own.run());
        }
    }

    // A run that is told to stop leaves a checkpoint; nothing is made of a model on its way.
    private static FineTuned whole(FineTuned tuned) throws IOException {
        if (tuned.training().interrupted()) {
            tuned.close();
            throw new InterruptedIOException("the training was stopped and has been saved");
        }
        return tuned;
    }

    /** The same that learns then, once over whole reviews. */
    private FineTuned onReviews(TechniqueConfig config, FineTuneConfig then) throws Exception {
        String stage = then.work() == null ? "" : then.work().getFileName() + "-reviews";
        FineTuneConfig tuning =
                common(config, then.model(), stage)
                        .optTuning(then.tuning())
                        .optEpochs(1)
                        .optLearningRate(then.learningRate())
                        .build();
        TextSource reviews = ReviewTexts.whole(reviews(config), config.task().labels());
        TextData data =
                new TextData("IMDB", "", reviews, null, null, config.task().labels(), false);
        return whole(new FineTune(tuning, data).run());
    }

    private static TextSource reviews(TechniqueConfig config) {
        if (config.reviews() == null) {
            throw new IllegalArgumentException("reviews must be given for this technique");
        }
        TextSource train = ImdbReviews.open(config.reviews()).train();
        int limit = config.limit();
        return train.where(e -> (e.row() - 1) % REVIEWS_OF_A_LABEL < limit);
    }

    private FineTuneConfig.Builder common(TechniqueConfig config, String name, String stage) {
        FineTuneConfig.Builder builder =
                FineTuneConfig.builder()
                        .optModel(name)
                        .optBatchSize(config.batchSize())
                        .optMaxLength(TechniqueConfig.MAX_LENGTH)
                        .optSeed(seed)
                        .optDevice(config.device())
                        .optPrecision(config.precision());
        if (config.work() != null) {
            String run = String.join("-", model, techniques, tuning, judged, "" + seed);
            Path work = config.work().resolve(run.replaceAll("[^\\w+.-]", "_")).resolve(stage);
            builder.optWork(work).optResume(TrainingLoop.hasCheckpoint(work));
        }
        return builder;
    }
}
