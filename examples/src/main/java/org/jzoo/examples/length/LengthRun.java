package org.jzoo.examples.length;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.examples.character.CharacterBatches;
import org.jzoo.examples.character.CharacterModel;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

/**
 * One model trained at a short length and judged at longer ones.
 *
 * @param scheme what it knows of positions
 * @param seed of weights and of the places it reads
 */
public record LengthRun(LengthScheme scheme, long seed) {

    /**
     * What comes of a run.
     *
     * @param scheme the scheme's label; for one training judged in several ways, followed by the
     *     way, as in "rotary, YaRN"
     * @param bits bits per character of the targets, by length
     */
    public record Figures(
            String scheme,
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
            Map<Integer, Double> bits) {}

    /**
     * Trains and judges. The same text, seed and machine give the same figures.
     *
     * @return one for each way of judging; the first one's scheme is this run's label
     */
    public List<Figures> run(LengthText text, LengthConfig config, Device device) {
        try (NDManager manager = PyTorch.engine().newBaseManager(device)) {
            CharacterModel model = initialized(scheme.model(config), manager);
            TrainingResult training = train(model, manager.create(text.train()), config);
            LengthJudge judge = new LengthJudge(text, config, manager);
            List<Figures> all = new ArrayList<>();
            all.add(figures("", text, training, model, config, device, judge, length -> model));
            if (scheme == LengthScheme.ROTARY) {
                for (StretchedRotary.Kind kind : StretchedRotary.Kind.values()) {
                    String way = kind == StretchedRotary.Kind.LINEAR ? ", linear" : ", YaRN";
                    IntFunction<CharacterModel> stretched =
                            length -> stretched(model, kind, length, config, manager);
                    all.add(figures(way, text, training, model, config, device, judge, stretched));
                }
            }
            return all;
        }
    }

    private CharacterModel initialized(CharacterModel model, NDManager manager) {
        PyTorch.seed(seed);
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        return model;
    }

    private TrainingResult train(CharacterModel model, NDArray text, LengthConfig config) {
        LengthConfig.Training numbers = config.training();
        return TrainingLoop.builder()
                .setModel(model)
                .setLoss(new CrossEntropy())
                .setBatches(new CharacterBatches(text, numbers.length(), numbers.batchSize(), seed))
                .setConfig(
                        TrainingConfig.builder()
                                .optSteps(numbers.steps())
                                .optPrecision(config.precision())
                                .optSeed(seed)
                                .build())
                .setOptimizer(
                        AdamWConfig.builder()
                                .setLearningRate(numbers.learningRate())
                                .optBetas(0.9, 0.95)
                                .optWeightDecay(0.1)
                                .build())
                .optSchedule(Schedule.cosine().withWarmupShare(0.05))
                .build()
                .run();
    }

    // The trained weights in a model whose positions are stretched to this length.
    private CharacterModel stretched(
            CharacterModel trained,
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
        CharacterModel model = initialized(scheme.model(config, position), manager);
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.copy(arrays(trained), arrays(model));
        }
        return model;
    }

    private static NDArray[] arrays(CharacterModel model) {
        return ParameterPaths.of(model).values().stream()
                .map(Parameter::getArray)
                .toArray(NDArray[]::new);
    }

    private Figures figures(
            String way,
            LengthText text,
            TrainingResult training,
            CharacterModel model,
            LengthConfig config,
            Device device,
            LengthJudge judge,
            IntFunction<CharacterModel> modelAt) {
        Map<Integer, Double> bits = new TreeMap<>();
        for (int length : config.judging().lengths()) {
            if (scheme.reaches(length, config)) {
                bits.put(length, judge.bits(modelAt.apply(length), length));
            }
        }
        long parameters = 0;
        for (NDArray array : arrays(model)) {
            parameters += array.size();
        }
        return new Figures(
                scheme.label() + way,
                seed,
                parameters,
                config.training().length(),
                config.training().batchSize(),
                config.training().steps(),
                device.toString(),
                config.precision().name(),
                training.seconds(),
                training.tokens() / training.seconds(),
                training.loss(),
                text.hash(),
                bits);
    }
}
