package org.jzoo.training.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.training.loop.TrainingLoopTest.assertSameWeights;
import static org.jzoo.training.loop.TrainingLoopTest.config;
import static org.jzoo.training.loop.TrainingLoopTest.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;

/** Averages of weights and adversarial moves, in the loop. */
final class AveragedTrainingTest {

    @TempDir Path folder;
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static float[] head(TinyBert model) {
        return Trainables.all(model).get("classifier.weight").toFloatArray();
    }

    private static ModelEvaluation evaluation() {
        return new ModelEvaluation(Rows.learnable(8, 4, null), new CrossEntropy());
    }

    @Test
    void theAverageForgetsByItsDecayAndFasterAtTheStart() {
        NDArray w = manager.create(new float[] {1, 10});
        WeightAverage average = new WeightAverage(Map.of("w", w), manager, 0.15);
        w.set(new float[] {2, 20});
        average.add(0); // d = 1/10
        w.set(new float[] {4, 40});
        average.add(1); // d = 0.15, less than 2/11
        double first = 0.1 * 1 + 0.9 * 2;
        double second = 0.15 * first + 0.85 * 4;
        float[] expected = {(float) second, (float) (10 * second)};
        assertArrayEquals(expected, average.averages().get("w").toFloatArray(), 1e-5f);
        average.swap();
        assertArrayEquals(expected, w.toFloatArray(), 1e-5f);
        assertArrayEquals(new float[] {4, 40}, average.averages().get("w").toFloatArray());
        average.swap();
        assertArrayEquals(new float[] {4, 40}, w.toFloatArray());
    }

    @Test
    void theAverageIsWhatIsEvaluatedAndWhatTheModelEndsWith() {
        TinyBert plain = TinyBert.seeded(manager, 1, 0);
        loop(plain, config().optSteps(5).build()).build().run();
        TinyBert model = TinyBert.seeded(manager, 1, 0);
        TrainingResult result =
                loop(model, config().optSteps(5).optAveraging(0.9).optRestoreBest(false).build())
                        .optEvaluation(evaluation())
                        .build()
                        .run();
        assertFalse(Arrays.equals(head(plain), head(model)));
        // Evaluated in the middle of nothing: the model's weights now are those judged last.
        assertEquals(result.lastMetrics(), evaluation().evaluate(model, Precision.FLOAT32));
    }

    @Test
    void evaluationsLeaveTheTrainedWeightsAsTheyAre() {
        TinyBert often = TinyBert.seeded(manager, 1, 0.2);
        TinyBert never = TinyBert.seeded(manager, 1, 0.2);
        TrainingConfig.Builder config =
                config().optSteps(6).optAveraging(0.9).optRestoreBest(false);
        loop(never, config.build()).build().run();
        loop(often, config.optEvaluateEvery(1).build()).optEvaluation(evaluation()).build().run();
        assertSameWeights(never, often);
    }

    @Test
    void averagedAndPerturbedTrainingGoesOnFromACheckpointAsIfNothingHadHappened() {
        TrainingConfig config =
                config().optEpochs(2)
                        .optAveraging(0.8)
                        .optPerturbation(new Perturbation("tokens.*", 0.5))
                        .optEvaluateEvery(3)
                        .optCheckpointEvery(2)
                        .build();
        TinyBert undisturbed = TinyBert.seeded(manager, 1, 0.2);
        TrainingResult expected =
                loop(undisturbed, config).optEvaluation(evaluation()).build().run();
        StopSignal stop = new StopSignal();
        TrainingLoop.Builder first =
                loop(TinyBert.seeded(manager, 1, 0.2), config)
                        .optEvaluation(evaluation())
                        .optCheckpointFolder(folder)
                        .optStopSignal(stop)
                        .optCallback(
                                new TrainingCallback() {
                                    @Override
                                    public void onStep(StepReport step) {
                                        if (step.step() == 5) {
                                            stop.request();
                                        }
                                    }
                                });
        assertTrue(first.build().run().interrupted());
        TinyBert resumed = TinyBert.seeded(manager, 99, 0.2);
        TrainingResult result =
                loop(resumed, config)
                        .optEvaluation(evaluation())
                        .optCheckpointFolder(folder)
                        .optResume(true)
                        .build()
                        .run();
        assertSameWeights(undisturbed, resumed);
        assertEquals(expected.bestMetrics(), result.bestMetrics());
    }

    @Test
    void theMoveIsTakenBackBeforeTheStep() {
        TinyBert model = TinyBert.seeded(manager, 1, 0);
        TinyBert same = TinyBert.seeded(manager, 1, 0);
        TrainingConfig config =
                config().optSteps(3).optPerturbation(new Perturbation("tokens.*", 2)).build();
        loop(model, config).setOptimizer(AdamWConfig.of(0)).build().run();
        assertSameWeights(same, model);
    }

    @Test
    void aMoveChangesWhatIsLearnedAndAVanishingOneHardly() {
        AtomicReference<Double> norm = new AtomicReference<>();
        float[][] heads = new float[3][];
        double[] norms = new double[3];
        Perturbation[] kinds = {
            null, new Perturbation("tokens.*", 1e-7), new Perturbation("tokens.*", 1)
        };
        for (int i = 0; i < kinds.length; i++) {
            TinyBert model = TinyBert.seeded(manager, 1, 0);
            loop(model, config().optSteps(1).optPerturbation(kinds[i]).build())
                    .optCallback(
                            new TrainingCallback() {
                                @Override
                                public void onStep(StepReport step) {
                                    norm.set(step.gradientNorm());
                                }
                            })
                    .setOptimizer(AdamWConfig.of(1e-3))
                    .build()
                    .run();
            heads[i] = head(model);
            norms[i] = norm.get();
        }
        assertArrayEquals(heads[0], heads[1], 1e-4f);
        assertEquals(norms[0], norms[1], 1e-4 * norms[0]);
        assertTrue(Math.abs(norms[2] - norms[0]) > 0.01 * norms[0], norms[2] + ", " + norms[0]);
    }

    @Test
    void aStepsBatchesMoveAsOneDoes() {
        float[][] heads = new float[2][];
        for (int i = 0; i < heads.length; i++) {
            TinyBert model = TinyBert.seeded(manager, 1, 0);
            int parts = 1 + i;
            TrainingConfig config =
                    config().optSteps(4)
                            .optAccumulation(parts)
                            .optPerturbation(new Perturbation("tokens.*", 1))
                            .build();
            loop(model, config)
                    .setBatches(Rows.learnable(32, 8 / parts, null))
                    .setOptimizer(AdamWConfig.of(1e-3))
                    .build()
                    .run();
            heads[i] = head(model);
        }
        assertArrayEquals(heads[0], heads[1], 2e-5f);
    }

    @Test
    void parametersMoveByEpsilonInAllAlongTheirGradients() {
        NDArray a = manager.create(new float[] {1, 1});
        NDArray b = manager.create(new float[] {5});
        NDArray still = manager.create(new float[] {7});
        a.setRequiresGradient(true);
        b.setRequiresGradient(true);
        GradientMode.backward(a, manager.create(new float[] {3, 0}));
        GradientMode.backward(b, manager.create(new float[] {-4}));
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.perturb(new NDArray[] {a, still, b}, 10);
        }
        assertArrayEquals(new float[] {7, 1}, a.toFloatArray(), 1e-5f);
        assertArrayEquals(new float[] {-3}, b.toFloatArray(), 1e-5f);
        assertArrayEquals(new float[] {7}, still.toFloatArray());
    }

    @Test
    void whatIsOutOfItsRangeIsRefused() {
        assertEquals(
                "averaging must be in [0, 1), got averaging=1.0",
                assertThrows(IllegalArgumentException.class, () -> config().optAveraging(1).build())
                        .getMessage());
        assertEquals(
                "epsilon must be > 0 and finite, got epsilon=0.0",
                assertThrows(IllegalArgumentException.class, () -> new Perturbation("*", 0))
                        .getMessage());
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                loop(
                                                TinyBert.seeded(manager, 1, 0),
                                                config().optSteps(1)
                                                        .optPerturbation(
                                                                new Perturbation("words.*", 1))
                                                        .build())
                                        .build()
                                        .run());
        assertTrue(
                e.getMessage()
                        .startsWith(
                                "pattern must match a trainable parameter, got pattern=words.*"),
                e.getMessage());
    }
}
