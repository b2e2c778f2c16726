package org.jzoo.examples.compress;

import java.io.IOException;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.Judge;
import org.jzoo.examples.finetune.TextBatches;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.training.compression.pruning.FirstOrder;
import org.jzoo.training.compression.pruning.StackCut;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.loss.SquaredError;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordPieceVocabulary;

/**
 * Makes a tuned text model smaller: tokens that the training texts do not use are left out, what
 * matters least of the layers is left out, and the rest learns from the whole model.
 *
 * <pre>{@code
 * try (LoadedModel whole = Zoo.load("my-model", Device.cpu());
 *         Compression compression = Compression.of(whole, config, data);
 *         FineTuned small = compression.training().run()) {
 *     ModelFolder.save(folder, small.model(), compression.card(small), TensorType.F16);
 * }
 * }</pre>
 */
public final class Compression implements AutoCloseable {

    private static final int IMPORTANCE_BATCH = 8;

    private final LoadedModel whole;
    private final LoadedModel teacher; // the whole model without unused tokens, or the whole model
    private final CompressConfig config;
    private final TextData data;
    private final StackImportance importance;
    private final List<SizePlan> plans; // after each cut
    private LoadedModel cut; // after as many cuts as were made
    private int cuts;
    private boolean handedOver;

    private Compression(
            LoadedModel whole,
            LoadedModel teacher,
            CompressConfig config,
            TextData data,
            StackImportance importance,
            List<SizePlan> plans) {
        this.whole = whole;
        this.teacher = teacher;
        this.config = config;
        this.data = data;
        this.importance = importance;
        this.plans = plans;
        cut(teacher, importance);
    }

    /**
     * Measures and cuts; nothing is trained yet.
     *
     * @param whole a text encoder that classifies texts or gives them numbers; stays open
     * @param data with the model's labels
     * @throws IllegalArgumentException if the model is of another kind, or the budget too small;
     *     the message says what is possible
     */
    public static Compression of(LoadedModel whole, CompressConfig config, TextData data)
            throws IOException {
        return inCuts(whole, config, data, 1);
    }

    /**
     * Measures and makes the first of several cuts, between which the model is to recover: {@link
     * #recovery} and {@link #cutAgain} in turns, then {@link #training}.
     *
     * <pre>{@code
     * for (int left = compression.cutsLeft(); left > 0; left--) {
     *     compression.cutAgain(compression.recovery(brief).run().model());
     * }
     * }</pre>
     *
     * @param whole a text encoder that classifies texts or gives them numbers; stays open
     * @param data with the model's labels
     * @param cuts at least 1; each leaves about the same share
     * @throws IllegalArgumentException if the model is of another kind, or the budget too small;
     *     the message says what is possible
     */
    public static Compression inCuts(
            LoadedModel whole, CompressConfig config, TextData data, int cuts) throws IOException {
        SmallerModel.encoder(whole);
        LoadedModel teacher = config.fewerTokens() ? withUsedTokens(whole, config, data) : whole;
        try {
            StackImportance importance = importance(teacher, config, data);
            long budget = Math.round(config.share() * whole.numParameters());
            SizePlan plan =
                    SizePlan.within(SmallerModel.encoder(teacher), outside(teacher), budget);
            List<SizePlan> plans = SizePlan.of(SmallerModel.encoder(teacher)).towards(plan, cuts);
            return new Compression(whole, teacher, config, data, importance, plans);
        } catch (IOException | RuntimeException e) {
            if (teacher != whole) {
                teacher.close();
            }
            throw e;
        }
    }

    /** The labels of a model that can be made smaller; null if it gives numbers. */
    public static LabelSet labels(LoadedModel model) {
        Task task = model.config().task();
        if (task instanceof ClassificationTask classes) {
            return LabelSet.of(classes.labels());
        }
        if (task instanceof RegressionTask) {
            return null;
        }
        throw new IllegalArgumentException(
                "model must classify texts or give them a number to be compressed, got the task "
                        + task.getClass().getSimpleName());
    }

    private static LoadedModel withUsedTokens(
            LoadedModel whole, CompressConfig config, TextData data) throws IOException {
        byte[] json = whole.tokenizer().json();
        if (!WordPieceVocabulary.isReducible(json)) {
            return whole;
        }
        BitSet used = new BitSet();
        try (TextTokenizer tokenizer = whole.tokenizer().copy();
                Stream<TextExample> examples = data.train().stream()) {
            examples.forEach(
                    example -> {
                        for (long id : tokenizer.encode(example.text(), example.pair()).ids()) {
                            used.set((int) id);
                        }
                    });
        }
        return SmallerModel.withVocabulary(
                whole, WordPieceVocabulary.keep(json, used), config.training().device());
    }

    private static StackImportance importance(
            LoadedModel model, CompressConfig config, TextData data) throws IOException {
        try (TextTokenizer tokenizer =
                        model.tokenizer().withMaxLength(config.training().maxLength());
                EncodedDataset train = encode(data.train(), model, tokenizer, data.labels())) {
            TextBatches batches =
                    new TextBatches(
                            train,
                            BatchingConfig.training(IMPORTANCE_BATCH, config.training().seed()));
            return new FirstOrder(
                            data.regression() ? new SquaredError() : new CrossEntropy(),
                            batches,
                            config.importanceBatches())
                    .of((Part) model.block());
        }
    }

    private static EncodedDataset encode(
            TextSource source, LoadedModel model, TextTokenizer tokenizer, LabelSet labels) {
        int padding = model.config().textModel().padding();
        return labels == null
                ? EncodedDataset.regression(source, FineTune.encoding(tokenizer, padding))
                : EncodedDataset.classification(
                        source, FineTune.encoding(tokenizer, padding), labels);
    }

    // Weights that stay whatever goes: all but the layers.
    private static long outside(LoadedModel model) {
        return model.parameters().entrySet().stream()
                .filter(e -> !e.getKey().contains(".layers."))
                .mapToLong(e -> e.getValue().getArray().getShape().size())
                .sum();
    }

    /** What each part of the layers contributes. */
    public StackImportance importance() {
        return importance;
    }

    /** What stays in the end. */
    public SizePlan plan() {
        return plans.get(plans.size() - 1);
    }

    /** Cuts that are still to be made. */
    public int cutsLeft() {
        return plans.size() - cuts;
    }

    private void cut(LoadedModel from, StackImportance by) {
        SizePlan next = plans.get(cuts);
        StackCut kept = StackCut.best(by, next.layers(), next.heads(), next.channels());
        cut = SmallerModel.cut(from, kept, config.training().device());
        cuts++;
        handedOver = false;
    }

    /**
     * The training of what was cut so far, by the whole model; each may be run once.
     *
     * @param how it learns, such as {@link CompressConfig#training} for fewer epochs
     */
    public FineTune recovery(FineTuneConfig how) {
        if (handedOver) {
            throw new IllegalStateException("training must be asked for once after each cut");
        }
        handedOver = true;
        LoadedModel student = cut;
        return new FineTune(how, data)
                .startingFrom(task -> student)
                .taughtBy(teacher, config.labelShare(), config.temperature());
    }

    /**
     * Measures again what matters, now in a model that has recovered, and makes the next cut.
     *
     * @param recovered what {@link #recovery} made, also in an earlier run; is closed
     * @throws IllegalStateException if all cuts are made
     */
    public void cutAgain(LoadedModel recovered) throws IOException {
        if (cutsLeft() == 0) {
            throw new IllegalStateException("cuts must be left to cut again, got none");
        }
        try (recovered) {
            if (!handedOver) {
                cut.close();
            }
            handedOver = true; // whatever comes now, the model before is gone
            cut(recovered, importance(recovered, config, data));
        }
    }

    /** Whether a model, taught by an earlier run, has the numbers of the one that was cut here. */
    public boolean hasPlannedSize(LoadedModel small) {
        return hasSize(small, plan());
    }

    /** The same, of the model that recovers before the next cut. */
    public boolean hasSizeSoFar(LoadedModel small) {
        return hasSize(small, plans.get(cuts - 1));
    }

    private boolean hasSize(LoadedModel small, SizePlan size) {
        return small.config().model() instanceof EncoderConfig encoder
                && SmallerModel.encoder(cut)
                        .equals(encoder.withStack(SmallerModel.encoder(cut).stack()))
                && SizePlan.of(encoder).equals(size);
    }

    /**
     * The training of the smaller model by the whole one; it may be run once.
     *
     * @throws IllegalStateException if cuts are left
     */
    public FineTune training() {
        if (cutsLeft() > 0) {
            throw new IllegalStateException(
                    "all cuts must be made before the last training, got cutsLeft=" + cutsLeft());
        }
        return recovery(config.training());
    }

    /**
     * The training of the smaller model with rounded weights, by the whole one.
     *
     * @param small that has been taught, with plain weights; the training's result hands it back
     * @param bits 4 or 8
     * @param how the smaller model goes on learning
     */
    public FineTune rounding(LoadedModel small, int bits, FineTuneConfig how) {
        RoundedStudent.begin(small, bits);
        return new FineTune(how, data)
                .startingFrom(task -> small)
                .taughtBy(teacher, config.labelShare(), config.temperature());
    }

    /**
     * Weights, and metrics on the test data, of the whole model, of the one with fewer tokens and
     * of the one that was cut and has not learned yet.
     *
     * @return metrics by name for each; empty without test data
     */
    public Map<String, Map<String, Double>> before() throws IOException {
        Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
        if (data.test() == null) {
            return figures;
        }
        figures.put("whole", measure(whole));
        if (teacher != whole) {
            figures.put("fewer tokens", measure(teacher));
        }
        figures.put("cut", measure(cut));
        return figures;
    }

    /** Metrics of a model on the test data, with its number of weights as "weights". */
    public Map<String, Double> measure(LoadedModel model) throws IOException {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("weights", (double) model.numParameters());
        try (TextTokenizer tokenizer =
                        model.tokenizer().withMaxLength(config.training().maxLength());
                EncodedDataset test = encode(data.test(), model, tokenizer, data.labels())) {
            metrics.putAll(
                    Judge.of(test, data.labels())
                            .evaluate(model.block(), config.training().precision()));
        }
        return metrics;
    }

    /** The heads' importance as shares of each layer's greatest, for a picture; (L, H). */
    public double[][] headShares() {
        double[][] shares = new double[importance.numLayers()][];
        for (int l = 0; l < shares.length; l++) {
            double[] heads = importance.heads()[l];
            double most =
                    IntStream.range(0, heads.length).mapToDouble(h -> heads[h]).max().orElse(1);
            shares[l] =
                    IntStream.range(0, heads.length)
                            .mapToDouble(h -> most == 0 ? 0 : heads[h] / most)
                            .toArray();
        }
        return shares;
    }

    /** The names of a picture's rows or columns. */
    public static List<String> numbers(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
    }

    /** Frees what was made on the way; the trained model is the caller's. */
    @Override
    public void close() {
        if (teacher != whole) {
            teacher.close();
        }
        if (!handedOver) {
            cut.close();
        }
    }
}
