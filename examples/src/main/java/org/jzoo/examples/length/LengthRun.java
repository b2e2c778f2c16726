package org.jzoo.examples.length;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.examples.character.CharacterBatches;
import org.jzoo.examples.recipe.LossCurve;
import org.jzoo.examples.recipe.StepTraining;
import org.jzoo.examples.recipe.Weights;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingResult;

/**
 * One model trained at a short length and judged at longer ones.
 *
 * @param scheme what it knows of positions
 * @param seed of weights and of the places it reads
 */
public record LengthRun(LengthScheme scheme, long seed) {

    private static final int CHECKPOINTS = 10;

    /**
     * What comes of a run.
     *
     * @param scheme the scheme's label; for one training judged in several ways, followed by the
     *     way, as in "rotary, YaRN"
     * @param text what was held out; null in files from before there were books
     * @param bits bits per character of the targets, by length
     */
    public record Figures(
            String scheme,
            String text,
            long seed,
            long parameters,
            int trainLength,
            int batchSize,
            int steps,
            String device,
            String precision,
            double seconds,
            double tokensPerSecond,
            double trainLoss,
            String dataHash,
            Map<Integer, Double> bits) {

        /** What was held out. */
        public String judged() {
            return text == null ? LengthText.SPEECHES : text;
        }
    }

    /** How a trained model reads texts of a length. */
    private record Way(String name, IntFunction<Part> modelAt) {}

    /**
     * Trains and judges; goes on where an interrupted run stopped. The same text, seed and machine
     * give the same figures.
     *
     * @param work where checkpoints are kept; null to keep none
     * @param stop ends it early
     * @return one for each way of judging and each text; the first one's scheme is this run's
     *     label; empty if it was ended early
     */
    public List<Figures> run(
            LengthText text, LengthConfig config, Device device, Path work, StopSignal stop) {
        try (NDManager manager = PyTorch.engine().newBaseManager(device)) {
            Part model = initialized(scheme.model(config), manager);
            TrainingResult training =
                    train(model, manager.create(text.train()), config, work, stop);
            List<Figures> all = new ArrayList<>();
            for (HeldOut heldOut : training.interrupted() ? List.<HeldOut>of() : text.heldOut()) {
                LengthJudge judge = new LengthJudge(heldOut, config, manager);
                for (Way way : ways(model, config, manager)) {
                    Map<Integer, Double> bits = bits(judge, way, config);
                    all.add(figures(way, heldOut, text, training, model, config, device, bits));
                }
            }
            return all;
        }
    }

    private List<Way> ways(Part model, LengthConfig config, NDManager manager) {
        List<Way> ways = new ArrayList<>();
        ways.add(new Way("", length -> model));
        if (scheme == LengthScheme.ROTARY) {
            for (StretchedRotary.Kind kind : StretchedRotary.Kind.values()) {
                String name = kind == StretchedRotary.Kind.LINEAR ? ", linear" : ", YaRN";
                ways.add(new Way(name, length -> stretched(model, kind, length, config, manager)));
            }
        }
        return ways;
    }

    private Map<Integer, Double> bits(LengthJudge judge, Way way, LengthConfig config) {
        Map<Integer, Double> bits = new TreeMap<>();
        for (int length : config.judging().lengths()) {
            if (scheme.reaches(length, config)) {
                bits.put(length, judge.bits(way.modelAt().apply(length), length));
            }
        }
        return bits;
    }

    private Part initialized(Part model, NDManager manager) {
        PyTorch.seed(seed);
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        return model;
    }

    private TrainingResult train(
            Part model, NDArray text, LengthConfig config, Path work, StopSignal stop) {
        LengthConfig.Training numbers = config.training();
        String name = "%s-%d".formatted(scheme.label(), seed);
        return new StepTraining(
                        numbers.steps(),
                        numbers.learningRate(),
                        0.95,
                        0.1,
                        config.precision(),
                        seed,
                        CHECKPOINTS)
                .run(
                        model,
                        new CharacterBatches(text, numbers.length(), numbers.batchSize(), seed),
                        work == null ? null : work.resolve(name),
                        stop,
                        new LossCurve(name, numbers.steps()));
    }

    // The trained weights in a model whose positions are stretched to this length.
    private Part stretched(
            Part trained,
            StretchedRotary.Kind kind,
            int length,
            LengthConfig config,
            NDManager manager) {
        int trainLength = config.training().length();
        StretchedRotary position =
                new StretchedRotary(
                        LengthScheme.rotary(config),
                        kind,
                        trainLength,
                        Math.max(1, (double) length / trainLength));
        Part model = initialized(scheme.model(config, position), manager);
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.copy(arrays(trained), arrays(model));
        }
        return model;
    }

    private static NDArray[] arrays(Part model) {
        return ParameterPaths.of(model).values().stream()
                .map(Parameter::getArray)
                .toArray(NDArray[]::new);
    }

    private Figures figures(
            Way way,
            HeldOut heldOut,
            LengthText text,
            TrainingResult training,
            Part model,
            LengthConfig config,
            Device device,
            Map<Integer, Double> bits) {
        return new Figures(
                scheme.label() + way.name(),
                heldOut.name(),
                seed,
                Weights.count(model),
                config.training().length(),
                config.training().batchSize(),
                config.training().steps(),
                device.toString(),
                config.precision().name(),
                training.wholeSeconds(),
                training.tokensPerSecond(),
                training.loss(),
                text.hash(),
                bits);
    }
}
