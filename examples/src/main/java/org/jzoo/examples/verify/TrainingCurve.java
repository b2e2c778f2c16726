package org.jzoo.examples.verify;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.verify.Difference;
import org.jzoo.zoo.verify.Reference;
import org.jzoo.zoo.verify.VerificationReport;
import org.jzoo.zoo.weights.TensorSource;

/**
 * A published training: a {@link Reference} of a classifier whose outputs are "losses",
 * "grad_norms" and "learning_rates" by step and every weight at the end, "final.NAME". How it was
 * trained stands in the configuration's note, in words.
 */
final class TrainingCurve {

    private static final String FINAL = "final.";

    private final Reference reference;
    private final Settings settings;
    private final NDManager manager;
    private final List<Difference> differences = new ArrayList<>();
    private final List<String> unsupported = new ArrayList<>();

    /** What the note says. */
    private record Settings(
            int steps,
            int batchSize,
            double learningRate,
            double weightDecay,
            double firstBeta,
            double secondBeta,
            double epsilon,
            int warmupSteps,
            double clipNorm) {

        static Settings of(String note) {
            return new Settings(
                    (int) number(note, "trained (\\d+) steps"),
                    (int) number(note, "batch of (\\d+)"),
                    number(note, "lr ([0-9.e-]+)"),
                    number(note, "wd ([0-9.e-]+)"),
                    number(note, "betas ([0-9.]+)/"),
                    number(note, "betas [0-9.]+/([0-9.]+)"),
                    number(note, "eps ([0-9.e-]+)"),
                    (int) number(note, "with (\\d+) warm-up steps"),
                    number(note, "clip_grad_norm ([0-9.]+)"));
        }

        private static double number(String note, String pattern) {
            Matcher matcher = Pattern.compile(pattern).matcher(note);
            if (!matcher.find()) {
                throw new IllegalArgumentException(
                        "_note must say \"%s\", got \"%s\"".formatted(pattern, note));
            }
            return Double.parseDouble(matcher.group(1));
        }
    }

    private TrainingCurve(Reference reference, NDManager manager) {
        this.reference = reference;
        this.manager = manager;
        settings = Settings.of(reference.config().string("_note", ""));
    }

    /** Whether the reference is of a training. */
    static boolean isIn(Reference reference) {
        return reference.outputs().entries().containsKey("losses");
    }

    /** Trains as the note says, and compares every step and the weights at the end. */
    static VerificationReport verify(Reference reference, Device device)
            throws MalformedModelException {
        try (LoadedModel model = reference.load(device);
                NDManager manager = model.manager().newSubManager()) {
            TrainingCurve curve = new TrainingCurve(reference, manager);
            curve.compare(model);
            return new VerificationReport(curve.differences, curve.unsupported);
        }
    }

    private void compare(LoadedModel model) throws MalformedModelException {
        List<StepReport> steps = train(model);
        Map<String, ToDoubleFunction<StepReport>> series =
                Map.of(
                        "losses", StepReport::loss,
                        "grad_norms", StepReport::gradientNorm,
                        "learning_rates", StepReport::learningRate);
        Map<String, NDArray> published = new TreeMap<>();
        for (String name : reference.outputs().entries().keySet()) {
            if (name.startsWith(FINAL)) {
                published.put(
                        name.substring(FINAL.length()),
                        reference.outputs().toNDArray(manager, name));
            } else if (series.containsKey(name)) {
                NDArray expected = reference.outputs().toNDArray(manager, name);
                double[] got = steps.stream().mapToDouble(series.get(name)).toArray();
                differences.add(
                        Difference.of(
                                name, expected, manager.create(got), null, Double.MIN_NORMAL));
            } else {
                unsupported.add("output " + name);
            }
        }
        compareWeights(model, TensorSource.ofArrays("final weights", published));
    }

    // Softmax does not see a key's bias: its gradient is rounding noise, of which Adam makes steps
    // of full size. At the usual tolerance a hundredth of all those steps passes.
    private void compareWeights(LoadedModel model, TensorSource published)
            throws MalformedModelException {
        TensorSource wanted = reference.toOurs(published, model.config());
        Map<String, Parameter> parameters = model.parameters();
        for (String path : wanted.entries().keySet()) {
            Parameter parameter = parameters.remove(path);
            if (parameter == null) {
                unsupported.add(FINAL + path);
                continue;
            }
            double least =
                    path.endsWith("key.bias") ? settings.steps() * settings.learningRate() : 0;
            differences.add(
                    Difference.of(
                            FINAL + path,
                            wanted.toNDArray(manager, path),
                            parameter.getArray(),
                            null,
                            Math.max(least * 100, Double.MIN_NORMAL)));
        }
        parameters.keySet().forEach(path -> unsupported.add(path + ", which the reference lacks"));
    }

    private List<StepReport> train(LoadedModel model) {
        List<StepReport> steps = new ArrayList<>();
        TrainingLoop.builder()
                .setModel(model.block())
                .setLoss(new CrossEntropy())
                .setBatches(new Rows())
                .setConfig(
                        TrainingConfig.builder()
                                .optSteps(settings.steps())
                                .optClipNorm(settings.clipNorm())
                                .build())
                .setOptimizer(
                        AdamWConfig.builder()
                                .setLearningRate(settings.learningRate())
                                .optBetas(settings.firstBeta(), settings.secondBeta())
                                .optEpsilon(settings.epsilon())
                                .optWeightDecay(settings.weightDecay())
                                .optNoDecay(List.of())
                                .build())
                .optSchedule(Schedule.cosine().withWarmupSteps(settings.warmupSteps()))
                .optCallback(
                        new TrainingCallback() {
                            @Override
                            public void onStep(StepReport step) {
                                steps.add(step);
                            }
                        })
                .build()
                .run();
        return steps;
    }

    /** The reference's rows in their order, over and over. */
    private final class Rows implements Batches {

        private final NDArray ids = reference.inputs().toNDArray(manager, "input_ids");
        private final long[] labels = reference.inputs().toNDArray(manager, "labels").toLongArray();
        private final long[] flat = ids.toLongArray();
        private final int length = Math.toIntExact(ids.getShape().get(1));

        @Override
        public int size(int epoch) {
            return labels.length / settings.batchSize();
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager owner) {
            int rows = settings.batchSize();
            int from = index * rows;
            long[] tokens = Arrays.copyOfRange(flat, from * length, (from + rows) * length);
            long[] wanted = Arrays.copyOfRange(labels, from, from + rows);
            return TrainingBatch.builder()
                    .setInputs(new NDList(owner.create(tokens, new Shape(rows, length))))
                    .optLabels(new NDList(owner.create(wanted)))
                    .setExamples(rows)
                    .optTokens((long) rows * length)
                    .build();
        }
    }
}
