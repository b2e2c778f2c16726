package org.jzoo.examples.compress;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jzoo.blocks.part.Part;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.examples.finetune.QuestionData;
import org.jzoo.examples.finetune.TeacherAnswers;
import org.jzoo.examples.finetune.Teaching;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.training.compression.pruning.StackCut;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * Makes a tuned model smaller, a text encoder or a J1 that answers questions: tokens that the
 * training texts do not use are left out, what matters least of the layers is left out, and the
 * rest learns from the whole model.
 *
 * <pre>{@code
 * try (LoadedModel whole = Zoo.load("my-model", Device.cpu());
 *         Compression compression = Compression.of(whole, config, data)) {
 *     FineTuning training = compression.training();
 *     try (FineTuned small = training.run()) {
 *         ModelFolder.save(folder, small.model(), training.card(small), TensorType.F16);
 *     }
 * }
 * }</pre>
 */
public final class Compression implements AutoCloseable {

    private final LoadedModel whole;
    private final LoadedModel teacher; // the whole model without unused tokens, or the whole model
    private final CompressConfig config;
    private final Lessons lessons;
    private final Map<String, StackImportance> importance;
    private final CutSteps steps;
    private LoadedModel cut; // after as many cuts as were made
    private Map<String, StackCut> last; // of the model before it
    private Map<String, List<Integer>> kept; // the teacher's layers that stayed so far
    private int made;
    private Followed followed = Followed.NOTHING;
    private Path answers;
    private boolean handedOver;

    private Compression(
            LoadedModel whole,
            LoadedModel teacher,
            LoadedModel begin,
            CompressConfig config,
            Lessons lessons,
            Map<String, StackImportance> importance,
            CutSteps steps) {
        this.whole = whole;
        this.teacher = teacher;
        this.config = config;
        this.lessons = lessons;
        this.importance = importance;
        this.steps = steps;
        kept = new LinkedHashMap<>();
        importance.forEach(
                (path, stack) ->
                        kept.put(path, IntStream.range(0, stack.numLayers()).boxed().toList()));
        cut(begin, importance);
    }

    private void cut(LoadedModel from, Map<String, StackImportance> by) {
        last = steps.cut(made, from, by);
        cut = SmallerModel.cut(from, last, config.training().device());
        Map<String, List<Integer>> still = new LinkedHashMap<>();
        last.forEach(
                (path, stack) ->
                        still.put(
                                path,
                                stack.layers().stream()
                                        .map(l -> kept.get(path).get(l.layer()))
                                        .toList()));
        kept = still;
        made++;
        handedOver = false;
    }

    /**
     * Measures and cuts a text encoder; nothing is trained yet.
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
     */
    public static Compression inCuts(
            LoadedModel whole, CompressConfig config, TextData data, int cuts) throws IOException {
        SmallerModel.encoder(whole);
        TextLessons lessons =
                new TextLessons(data, config.training(), config.fewerTokens(), config.channels());
        return inCuts(whole, config, lessons, cuts);
    }

    /**
     * The same with a J1 that answers questions about pictures, whose stacks share the budget.
     *
     * @param whole stays open
     * @param data with the model's answers
     */
    public static Compression inCuts(
            LoadedModel whole, CompressConfig config, QuestionData data, int cuts)
            throws IOException {
        QuestionLessons.requireAnswers(whole);
        if (config.channels() != ChannelScore.FIRST_ORDER) {
            throw new IllegalArgumentException(
                    "channels must be chosen by FIRST_ORDER in models of several stacks, got "
                            + config.channels());
        }
        return inCuts(whole, config, new QuestionLessons(data, config.training()), cuts);
    }

    /** The same with a text encoder or a J1, which stays open, and lessons that suit it. */
    public static Compression inCuts(
            LoadedModel whole, CompressConfig config, Lessons lessons, int cuts)
            throws IOException {
        if (whole.config().packed() != null) {
            throw new IllegalArgumentException(
                    "model must have plain weights to be compressed, got the packed model "
                            + whole.name());
        }
        ModelStacks.of(whole);
        LoadedModel teacher = lessons.trimmed(whole);
        try {
            LoadedModel begin = begin(teacher, config, lessons);
            try {
                long budget = Math.round(config.share() * whole.numParameters());
                CutSteps steps = CutSteps.of(begin, budget, cuts);
                Map<String, StackImportance> importance = KeptImportance.of(begin, lessons, config);
                return new Compression(whole, teacher, begin, config, lessons, importance, steps);
            } finally {
                if (begin != teacher) {
                    begin.close();
                }
            }
        } catch (IOException | RuntimeException e) {
            if (teacher != whole) {
                teacher.close();
            }
            throw e;
        }
    }

    // What is cut: the teacher, or a copy of it with a narrower token table.
    private static LoadedModel begin(LoadedModel teacher, CompressConfig config, Lessons lessons)
            throws IOException {
        return config.tokenRank() == 0
                ? teacher
                : SmallerModel.factorised(
                        teacher,
                        config.tokenRank(),
                        lessons.tokenCounts(teacher),
                        config.training().device());
    }

    /** What each part of the layers contributes, for each stack by its path. */
    public Map<String, StackImportance> importance() {
        return importance;
    }

    /** What the last cut left of each stack of the model before it, by its path. */
    public Map<String, StackCut> cuts() {
        return last;
    }

    /**
     * What stays of a text encoder in the end.
     *
     * @throws IllegalStateException if stacks share a budget
     */
    public SizePlan plan() {
        if (steps instanceof CutSteps.OfEncoder encoder) {
            return encoder.end();
        }
        throw new IllegalStateException("model must be a text encoder to have one plan");
    }

    /** What stays so far, a line for each stack: "fusion: 3 of 5 layers, 14 heads, ...". */
    public List<String> planned() {
        return shape(cut);
    }

    /** The same of any model that was made from the whole one. */
    public List<String> shape(LoadedModel small) {
        return StackLines.of(small, importance);
    }

    /** Cuts that are still to be made. */
    public int cutsLeft() {
        return steps.count() - made;
    }

    /** Whether a model, taught by an earlier run, has the numbers of the one that was cut here. */
    public boolean hasPlannedSize(LoadedModel small) {
        return hasSize(small, steps.count() - 1);
    }

    /** The same, of the model that recovers before the next cut. */
    public boolean hasSizeSoFar(LoadedModel small) {
        return hasSize(small, made - 1);
    }

    private boolean hasSize(LoadedModel small, int index) {
        return small.config().model().getClass() == cut.config().model().getClass()
                && ModelStacks.with(small, ModelStacks.of(cut)).equals(cut.config().model())
                && steps.fits(index, small);
    }

    /**
     * Lets the smaller model's hidden states follow the whole one's, of the layers that stayed: a
     * text encoder's, or those of a J1's joint attention. Other models have none that line up.
     *
     * @param weight of all of them in the loss, at least 0; 0, the default, for none
     */
    public Compression followingHiddenStates(double weight) {
        followed = followed.hiddenStates(weight);
        return this;
    }

    /**
     * Lets queries relate to queries, keys to keys and values to values in the smaller model's last
     * layer as in the whole one's, in the stack whose hidden states can be followed; widths and
     * numbers of heads need not be equal.
     *
     * @param weight of the three together in the loss, at least 0; 0, the default, for none
     * @see <a href="https://arxiv.org/abs/2012.15828">Wang et al. 2021, MiniLMv2</a>
     */
    public Compression followingRelations(double weight) {
        followed = followed.relations(weight);
        return this;
    }

    /** Keeps what the whole model says of texts in a file: {@link TeacherAnswers}. */
    public Compression keepingAnswers(Path file) {
        answers = file;
        return this;
    }

    /**
     * A training of a small model by the whole one.
     *
     * @param small with as many layers as were planned; the training's result hands it back
     * @param how it learns
     */
    public FineTuning teaching(LoadedModel small, FineTuneConfig how) {
        double share = config.labelShare();
        Teaching by =
                new Teaching(
                        teacher, share, config.temperature(), followed.terms(small, teacher, kept));
        FineTuning training = lessons.training(how, small, by);
        if (config.zeros() != null) {
            training.with(new ZeroedWeights((Part) small.block(), config.zeros()));
        }
        return training instanceof FineTune texts && answers != null
                ? texts.keepingAnswers(answers)
                : training;
    }

    /**
     * The training of what was cut so far, by the whole model; each may be run once.
     *
     * @param how it learns, such as {@link CompressConfig#training} for fewer epochs
     */
    public FineTuning recovery(FineTuneConfig how) {
        if (handedOver) {
            throw new IllegalStateException("training must be asked for once after each cut");
        }
        handedOver = true;
        return teaching(cut, how);
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
            cut(recovered, KeptImportance.of(recovered, lessons, config));
        }
    }

    /**
     * The training of the smaller model by the whole one; it may be run once.
     *
     * @throws IllegalStateException if cuts are left
     */
    public FineTuning training() {
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
    public FineTuning rounding(LoadedModel small, int bits, FineTuneConfig how) {
        RoundedStudent.begin(small, bits);
        return teaching(small, how);
    }

    /**
     * Weights, and metrics on the test data, of the whole model, of the one with fewer tokens and
     * of the one that was cut and has not learned yet.
     *
     * @return metrics by name for each; empty without test data
     */
    public Map<String, Map<String, Double>> before() throws IOException {
        return report().figures();
    }

    /** What it cost so far, in the same three steps; those to come are to be added. */
    public CompressionReport report() throws IOException {
        CompressionReport report = new CompressionReport(whole, lessons);
        report.add("whole", whole, Float.BYTES * whole.numParameters());
        if (teacher != whole) {
            report.add("fewer tokens", teacher, 0);
        }
        report.add("cut", cut, 0);
        return report;
    }

    /** Metrics of a model on the test data, with its number of weights as "weights". */
    public Map<String, Double> measure(LoadedModel model) throws IOException {
        return CompressionReport.Step.of("", model, 0, lessons).figures();
    }

    /**
     * The heads' importance as shares of each layer's greatest, for a picture: a row for each layer
     * of all stacks, in the order of {@link #layerNames}; 0 where others have more heads.
     */
    public double[][] headShares() {
        return new ImportanceShares(importance).heads();
    }

    /** The layers' names: their numbers, after their stack's name where there are several. */
    public List<String> layerNames() {
        return StackLines.layerNames(importance);
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
