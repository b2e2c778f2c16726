package org.jzoo.examples.arena;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Map;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.examples.finetune.Judge;
import org.jzoo.examples.finetune.TextBatches;
import org.jzoo.examples.recipe.LossCurve;
import org.jzoo.examples.recipe.StepTraining;
import org.jzoo.examples.recipe.Weights;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingResult;

/**
 * One model that learns a task from nothing and is judged once.
 *
 * @param task what it learns
 * @param variant what it is made of
 * @param seed of weights, order and dropout
 */
public record ArenaRun(ArenaTask task, ArenaVariant variant, long seed) {

    private static final int CHECKPOINTS = 10;

    /**
     * What comes of a run.
     *
     * @param learningRate the highest rate
     * @param accuracy share of test texts with the right label
     * @param lossCurve mean loss of stretches of training since the last start, by step
     */
    public record Figures(
            String task,
            String variant,
            long seed,
            long parameters,
            int steps,
            int batchSize,
            double learningRate,
            String device,
            String precision,
            double seconds,
            double tokensPerSecond,
            double accuracy,
            String dataHash,
            Map<Integer, Double> lossCurve) {}

    /** Whether these figures came of this run with that training. */
    public boolean made(Figures figures, ArenaConfig.Training training) {
        return figures.task().equals(task.label())
                && figures.variant().equals(variant.label())
                && figures.seed() == seed
                && figures.steps() == training.steps()
                && figures.batchSize() == training.batchSize()
                && figures.learningRate() == training.learningRate();
    }

    /**
     * Trains and judges; goes on where an interrupted run stopped.
     *
     * @param work where checkpoints are kept; null to keep none
     * @param stop ends it early
     * @return null if it was ended early
     */
    public Figures run(
            ArenaData data, ArenaConfig config, Device device, Path work, StopSignal stop) {
        try (NDManager manager = PyTorch.engine().newBaseManager(device)) {
            Part model = variant.fresh(config.size(), task, seed, manager);
            LossCurve curve = new LossCurve(name(), config.training().steps());
            TrainingResult training = train(model, data, config, work, stop, curve);
            if (training.interrupted()) {
                return null;
            }
            Judge judge = Judge.of(data.test(), task.labels());
            return new Figures(
                    task.label(),
                    variant.label(),
                    seed,
                    Weights.count(model),
                    config.training().steps(),
                    config.training().batchSize(),
                    config.training().learningRate(),
                    device.toString(),
                    config.precision().name(),
                    training.wholeSeconds(),
                    training.tokensPerSecond(),
                    judge.evaluate(model, config.precision()).get("accuracy"),
                    data.hash(),
                    curve.losses());
        }
    }

    private String name() {
        return "%s-%s-%d".formatted(task.label(), variant.label(), seed);
    }

    private TrainingResult train(
            Part model,
            ArenaData data,
            ArenaConfig config,
            Path work,
            StopSignal stop,
            LossCurve curve) {
        ArenaConfig.Training numbers = config.training();
        return new StepTraining(
                        numbers.steps(),
                        numbers.learningRate(),
                        0.98,
                        0.01,
                        config.precision(),
                        seed,
                        CHECKPOINTS)
                .run(
                        model,
                        new TextBatches(
                                data.train(), BatchingConfig.training(numbers.batchSize(), seed)),
                        work == null ? null : work.resolve(name()),
                        stop,
                        curve);
    }
}
