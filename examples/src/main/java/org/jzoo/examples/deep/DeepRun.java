package org.jzoo.examples.deep;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.datasets.mail.MailSample;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.examples.character.CharacterBatches;
import org.jzoo.examples.character.CharacterModel;
import org.jzoo.examples.character.Characters;
import org.jzoo.training.loop.DivergenceException;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

/**
 * One deep character model that learns from the mails that ship with the library.
 *
 * @param variant how it is built and started
 * @param seed of weights and of the places it reads
 */
public record DeepRun(DeepVariant variant, long seed) {

    private static final double RATE = 3e-3;
    private static final int EVERY = 10;

    /**
     * What comes of a run.
     *
     * @param variant the label
     * @param loss nats per character, mean of the last 20 steps
     * @param divergedAt the step whose loss or gradient was not finite; 0 for none
     * @param curve means of the loss over 10 steps each, in order
     */
    public record Figures(
            String variant,
            long seed,
            int numLayers,
            int steps,
            double seconds,
            double loss,
            long divergedAt,
            List<Double> curve) {}

    /** The mails' text as characters. */
    public static long[] text() {
        try (var mails = MailSample.train().stream()) {
            return Characters.encode(
                    mails.map(TextExample::text).collect(Collectors.joining("\n\n")));
        }
    }

    /** Nats per character of a model that knows how frequent each character is, and no more. */
    public static double entropy(long[] text) {
        long[] counts = new long[Characters.SIZE];
        for (long symbol : text) {
            counts[(int) symbol]++;
        }
        double sum = 0;
        for (long count : counts) {
            double share = (double) count / text.length;
            sum -= count == 0 ? 0 : share * Math.log(share);
        }
        return sum;
    }

    /** Trains on {@code text}. */
    public Figures run(long[] text, DeepConfig config) {
        long started = System.nanoTime();
        List<Double> losses = new ArrayList<>();
        long divergedAt = 0;
        try (NDManager manager = PyTorch.newBaseManager()) {
            TransformerConfig stack = variant.stack(config);
            CharacterModel model = new CharacterModel(Characters.SIZE, null, stack);
            PyTorch.seed(seed);
            model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
            variant.start().apply(model, stack);
            loop(
                            model,
                            new CharacterBatches(
                                    manager.create(text),
                                    config.batch().length(),
                                    config.batch().size(),
                                    seed),
                            config,
                            losses)
                    .run();
        } catch (DivergenceException e) {
            divergedAt = e.step();
        }
        return new Figures(
                variant.label(),
                seed,
                config.numLayers(),
                config.steps(),
                (System.nanoTime() - started) / 1e9,
                mean(losses.subList(Math.max(0, losses.size() - 20), losses.size())),
                divergedAt,
                curve(losses));
    }

    private TrainingLoop loop(
            CharacterModel model,
            CharacterBatches batches,
            DeepConfig config,
            List<Double> losses) {
        return TrainingLoop.builder()
                .setModel(model)
                .setLoss(new CrossEntropy())
                .setBatches(batches)
                .setConfig(TrainingConfig.builder().optSteps(config.steps()).optSeed(seed).build())
                .setOptimizer(AdamWConfig.of(RATE))
                .optSchedule(Schedule.constant().withWarmupShare(variant.warmupShare()))
                .optCallback(
                        new TrainingCallback() {
                            @Override
                            public void onStep(StepReport step) {
                                losses.add(step.loss());
                            }
                        })
                .build();
    }

    private static List<Double> curve(List<Double> losses) {
        List<Double> means = new ArrayList<>();
        for (int from = 0; from < losses.size(); from += EVERY) {
            means.add(mean(losses.subList(from, Math.min(losses.size(), from + EVERY))));
        }
        return means;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    }

    /** The step in the middle of each point of a curve. */
    static double[] steps(int points) {
        double[] steps = new double[points];
        for (int i = 0; i < points; i++) {
            steps[i] = (i + 0.5) * EVERY;
        }
        return steps;
    }
}
