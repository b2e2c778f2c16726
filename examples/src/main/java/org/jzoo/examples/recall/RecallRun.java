package org.jzoo.examples.recall;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.recipe.StepTraining;
import org.jzoo.examples.recipe.Weights;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.loop.TrainingCallback;
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
     * @param lossCurve mean loss of stretches of training since the last start, by step
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
            Map<String, Map<Integer, Double>> recall,
            Map<String, Map<Integer, List<Integer>>> byDepth,
            Map<Integer, Double> lossCurve) {}

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
            Curve curve = new Curve("%s seed %d".formatted(variant.label(), seed), config);
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
                    result.seconds(),
                    text.hash(),
                    config.training().aids().guidance(),
                    config.training().aids().cuts(),
                    judge.recall(),
                    judge.byDepth(),
                    curve.losses);
        }
    }

    private TrainingResult train(
            RecallModel model,
            RecallText text,
            RecallConfig config,
            Path folder,
            StopSignal stop,
            Curve curve) {
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

    /** Mean losses of stretches, told on the way. */
    private static final class Curve implements TrainingCallback {

        private static final int STRETCHES = 40;

        private final Map<Integer, Double> losses = new TreeMap<>();
        private final String name;
        private final int stretch;
        private double sum;
        private double guidance;
        private int count;

        Curve(String name, RecallConfig config) {
            this.name = name;
            stretch = Math.max(1, config.training().steps() / STRETCHES);
        }

        @Override
        public void onStep(StepReport step) {
            sum += step.loss();
            guidance += step.auxiliaryLoss();
            count++;
            if (step.step() % stretch == 0) {
                losses.put((int) step.step(), sum / count);
                System.err.printf(
                        "%s step %d: loss %.3f, guidance %.3f of it, %.0f tokens/s%n",
                        name,
                        step.step(),
                        sum / count,
                        guidance / count,
                        step.tokens() / step.seconds());
                sum = 0;
                guidance = 0;
                count = 0;
            }
        }
    }
}
