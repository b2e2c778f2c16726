package org.jzoo.examples.recall;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.ChunkKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.datasets.Seeds;
import org.jzoo.training.optimizer.AdamW;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.task.MaskedWordsTask;

/**
 * One model trained on short texts and asked about longer ones.
 *
 * @param variant what it is made of
 * @param seed of weights and data
 */
public record RecallRun(RecallVariant variant, long seed) {

    private static final MaskedWordsTask SLOTS = new MaskedWordsTask(Activation.GELU, 1e-6);
    private static final long TRAIN = 1_000_003;

    /**
     * What comes of a run.
     *
     * @param variant its label
     * @param recall the share of texts whose answer was right, by task and length
     * @param byDepth right answers and texts, by task, length and tenth of the text in which the
     *     first fact stands: {@code [right, texts]} one behind the other
     * @param lossCurve mean loss of stretches of training, by step
     */
    public record Figures(
            String variant,
            long seed,
            long parameters,
            int trainLength,
            int steps,
            int batchTokens,
            String device,
            String precision,
            double seconds,
            double judgeSeconds,
            String dataHash,
            Map<String, Map<Integer, Double>> recall,
            Map<String, Map<Integer, List<Integer>>> byDepth,
            Map<Integer, Double> lossCurve) {}

    /** Trains and judges. */
    public Figures run(RecallText text, RecallConfig config, Device device) {
        long started = System.nanoTime();
        try (NDManager manager = PyTorch.engine().newBaseManager(device)) {
            J3Model model = fresh(text, config, manager);
            Map<Integer, Double> curve = train(model, text, config, manager);
            double seconds = (System.nanoTime() - started) / 1e9;
            RecallJudge judge = new RecallJudge(model, variant, text, config, manager);
            judge.all(seed);
            return new Figures(
                    variant.label(),
                    seed,
                    size(model),
                    config.training().longest(),
                    config.training().steps(),
                    config.training().batchTokens(),
                    device.toString(),
                    config.precision().name(),
                    seconds,
                    (System.nanoTime() - started) / 1e9 - seconds,
                    text.hash(),
                    judge.recall(),
                    judge.byDepth(),
                    curve);
        }
    }

    private J3Model fresh(RecallText text, RecallConfig config, NDManager manager) {
        PyTorch.seed(seed);
        int vocabulary = text.vocabulary().size();
        long wanted = size(untouched(RecallVariant.J3.model(config.size(), vocabulary)));
        J3Config plain = variant.model(config.size(), vocabulary);
        // What a variant lacks, its feed-forwards get: three maps in every layer.
        long lacks = wanted - size(untouched(plain));
        long each = 3L * config.size().dim() * config.size().numLayers();
        int wider = Math.toIntExact(Math.round((double) lacks / each));
        J3Size fitted = config.size().withFeedForward(config.size().feedForward() + wider);
        J3Model model = untouched(variant.model(fitted, vocabulary));
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        return model;
    }

    private static J3Model untouched(J3Config config) {
        return new J3Model(config, SLOTS);
    }

    private static long size(J3Model model) {
        return ParameterPaths.of(model).values().stream()
                .mapToLong(parameter -> parameter.getShape().size())
                .sum();
    }

    private Map<Integer, Double> train(
            J3Model model, RecallText text, RecallConfig config, NDManager manager) {
        RecallConfig.Training numbers = config.training();
        Schedule schedule = Schedule.cosine().withWarmupShare(0.05);
        Map<Integer, Double> curve = new TreeMap<>();
        int stretch = Math.max(1, numbers.steps() / 40);
        double sum = 0;
        try (AdamW optimizer =
                new AdamW(
                        parameters(model),
                        AdamWConfig.builder()
                                .setLearningRate(numbers.learningRate())
                                .optBetas(0.9, 0.95)
                                .optWeightDecay(0.05)
                                .build())) {
            for (int step = 0; step < numbers.steps(); step++) {
                sum += step(model, optimizer, text, config, step, schedule, manager);
                if ((step + 1) % stretch == 0) {
                    curve.put(step + 1, sum / stretch);
                    System.err.printf(
                            "%s seed %d step %d: loss %.3f%n",
                            variant.label(), seed, step + 1, sum / stretch);
                    sum = 0;
                }
            }
        }
        return curve;
    }

    private static Map<String, NDArray> parameters(J3Model model) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> entry : ParameterPaths.of(model).entrySet()) {
            if (entry.getValue().requiresGradient()) {
                NDArray array = entry.getValue().getArray();
                array.setRequiresGradient(true);
                parameters.put(entry.getKey(), array);
            }
        }
        return parameters;
    }

    private double step(
            J3Model model,
            AdamW optimizer,
            RecallText text,
            RecallConfig config,
            int step,
            Schedule schedule,
            NDManager manager) {
        RecallConfig.Training numbers = config.training();
        Random random = Seeds.random(seed * TRAIN, step);
        List<Integer> lengths = numbers.lengthsAt(step);
        int length = lengths.get(random.nextInt(lengths.size()));
        try (NDManager scope = manager.newSubManager()) {
            RecallBatch batch =
                    RecallBatch.of(
                            examples(text, length, numbers.batchTokens() / length, random),
                            variant.reach(length),
                            scope);
            int last = (int) ((length - 1) / (long) model.config().chunkLength());
            double loss =
                    model.train(
                            new ParameterStore(scope, false),
                            batch.inputs(),
                            new ForwardContext().withPrecision(config.precision()),
                            (index, hidden, head) ->
                                    index < last ? null : loss(hidden, head, batch));
            optimizer.clipGradients(1, scope);
            optimizer.step(schedule.factor(step, numbers.steps()));
            optimizer.zeroGradients();
            return loss;
        }
    }

    private static NDArray loss(
            NDArray hidden, java.util.function.UnaryOperator<NDArray> head, RecallBatch batch) {
        return LossKernel.crossEntropy(head.apply(slots(hidden)), batch.labels(), null, 0);
    }

    /** The states of the slots, the last ones of a chunk's. */
    static NDArray slots(NDArray hidden) {
        int length = Math.toIntExact(hidden.getShape().get(1));
        int from = length - RecallExample.SLOTS;
        return ChunkKernel.part(hidden, 1, from, RecallExample.SLOTS);
    }

    private static List<RecallExample> examples(
            RecallText text, int length, int count, Random random) {
        List<RecallTask> urn = new ArrayList<>();
        for (RecallTask task : RecallTask.values()) {
            for (int i = 0; i < task.weight(); i++) {
                urn.add(task);
            }
        }
        List<RecallExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RecallTask task = urn.get(random.nextInt(urn.size()));
            examples.add(RecallExample.draw(task, length, text.train(), text.vocabulary(), random));
        }
        return examples;
    }
}
