package org.jzoo.examples.recall;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.recipe.LossCurve;
import org.jzoo.examples.recipe.StepTraining;
import org.jzoo.examples.recipe.Weights;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingResult;

/**
 * One model trained on short texts and asked about longer ones.
 *
 * @param variant what it is made of
 * @param seed of weights and data
 */
public record RecallRun(RecallVariant variant, long seed) {

    private static final int CHECKPOINTS = 20;

    /**
     * What comes of a run.
     *
     * @param variant its label
     * @param recall the share of texts whose answer was right, by task and length
     * @param byDepth right answers and texts, by task, length and tenth of the text in which the
     *     first fact stands: {@code [right, texts]} one behind the other
     * @param guidance see {@link RecallConfig.Aids}
     * @param cuts see {@link RecallConfig.Aids}; 0 if it was not noted, as 1
     * @param looks see {@link RecallConfig#looks}
     * @param lossCurve mean loss of stretches of training since the last start, by step
     * @param options see {@link RecallConfig#options}; null if they were not noted
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
            String dataHash,
            double guidance,
            int cuts,
            int looks,
            Map<String, Map<Integer, Double>> recall,
            Map<String, Map<Integer, List<Integer>>> byDepth,
            Map<Integer, Double> lossCurve,
            String options) {}

    /**
     * Trains and judges; goes on where an interrupted run stopped.
     *
     * @param work where checkpoints and judgements on the way are kept; null to keep none
     * @param stop ends it early
     * @return null if it was ended early
     */
    public Figures run(
            RecallText text, RecallConfig config, Device device, Path work, StopSignal stop)
            throws IOException {
        Path folder =
                work == null
                        ? null
                        : work.resolve("%s-%d".formatted(variant.weights().label(), seed));
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try (NDManager manager = PyTorch.engine().newBaseManager(device)) {
            RecallModel model =
                    RecallModel.fresh(variant, config, text.vocabulary().size(), seed, manager);
            LossCurve curve =
                    new LossCurve(
                            "%s seed %d".formatted(variant.label(), seed),
                            config.training().steps());
            TrainingResult result = train(model, text, config, folder, stop, curve);
            if (result.interrupted()) {
                return null;
            }
            RecallJudge judge = new RecallJudge(model, this, text, config, manager, folder);
            if (!judge.all(stop)) {
                return null;
            }
            return new Figures(
                    variant.label(),
                    seed,
                    Weights.count(model),
                    config.training().longest(),
                    config.training().steps(),
                    config.training().batchTokens(),
                    device.toString(),
                    config.precision().name(),
                    result.wholeSeconds(),
                    text.hash(),
                    config.training().aids().guidance(),
                    config.training().aids().cuts(),
                    variant.looks(config),
                    judge.recall(),
                    judge.byDepth(),
                    curve.losses(),
                    config.options());
        }
    }

    private TrainingResult train(
            RecallModel model,
            RecallText text,
            RecallConfig config,
            Path folder,
            StopSignal stop,
            LossCurve curve) {
        RecallConfig.Training numbers = config.training();
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
                        new RecallBatches(text, config, variant, seed),
                        folder == null ? null : folder.resolve("checkpoint"),
                        stop,
                        curve);
    }
}
