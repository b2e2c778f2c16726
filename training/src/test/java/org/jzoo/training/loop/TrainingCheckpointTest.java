package org.jzoo.training.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.training.loop.TrainingLoopTest.assertSameWeights;
import static org.jzoo.training.loop.TrainingLoopTest.config;
import static org.jzoo.training.loop.TrainingLoopTest.loop;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.loss.CrossEntropy;

/** When a training saves itself, and what it takes to go on. */
final class TrainingCheckpointTest {

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

    @Test
    void goesOnFromACheckpointAsIfNothingHadHappened() {
        TrainingConfig config =
                config().optEpochs(3)
                        .optAccumulation(2)
                        .optEvaluateEvery(3)
                        .optCheckpointEvery(2)
                        .build();
        ModelEvaluation evaluation =
                new ModelEvaluation(Rows.learnable(8, 4, null), new CrossEntropy());
        TinyBert undisturbed = TinyBert.seeded(manager, 1, 0.2);
        TrainingResult expected = loop(undisturbed, config).optEvaluation(evaluation).build().run();
        TinyBert stopped = TinyBert.seeded(manager, 1, 0.2);
        StopSignal stop = new StopSignal();
        TrainingResult interrupted =
                loop(stopped, config)
                        .optEvaluation(evaluation)
                        .optCheckpointFolder(folder)
                        .optStopSignal(stop)
                        .optCallback(
                                new TrainingCallback() {
                                    @Override
                                    public void onStep(StepReport step) {
                                        if (step.step() == 7) {
                                            stop.request();
                                        }
                                    }
                                })
                        .build()
                        .run();
        assertTrue(interrupted.interrupted());
        assertEquals(folder.resolve("step-7"), interrupted.checkpoint());
        TinyBert resumed = TinyBert.seeded(manager, 99, 0.2);
        TrainingLoop.Builder again =
                loop(resumed, config)
                        .optEvaluation(evaluation)
                        .optCheckpointFolder(folder)
                        .optResume(true);
        TrainingResult result = again.build().run();
        assertSameWeights(undisturbed, resumed);
        assertEquals(expected.loss(), result.loss());
        assertEquals(expected.lastMetrics(), result.lastMetrics());
        assertEquals(expected.bestMetrics(), result.bestMetrics());
        assertEquals(expected.examples(), result.examples());
        assertEquals(result.step() - 7, result.stepsMade());
        assertEquals(
                result.seconds() * result.step() / result.stepsMade(), result.wholeSeconds(), 1e-9);
        assertEquals(result.tokens() / result.wholeSeconds(), result.tokensPerSecond(), 1e-6);
        // Once more: nothing is left to do.
        TinyBert finished = TinyBert.seeded(manager, 98, 0.2);
        TrainingResult same = again.setModel(finished).build().run();
        assertEquals(expected.bestStep(), same.bestStep());
        assertSameWeights(undisturbed, finished);
        assertEquals(same.seconds(), same.wholeSeconds());
        assertEquals(0, same.tokensPerSecond());
    }

    @Test
    void checkpointsComeAtTheEndOfEpochsUnlessAskedForOtherwise() {
        List<Long> saved = new ArrayList<>();
        loop(TinyBert.seeded(manager, 1, 0), config().optEpochs(2).build())
                .optCheckpointFolder(folder)
                .optCallback(
                        new TrainingCallback() {
                            @Override
                            public void onCheckpoint(CheckpointReport report) {
                                saved.add(report.step());
                            }
                        })
                .build()
                .run();
        assertEquals(List.of(7L, 14L), saved);
    }

    @Test
    void refusesToOverwriteACheckpointUnasked() {
        TinyBert model = TinyBert.seeded(manager, 1, 0);
        TrainingLoop.Builder builder =
                loop(model, config().optSteps(1).build()).optCheckpointFolder(folder);
        builder.build().run();
        assertEquals(
                "checkpoint folder must be empty unless resume is asked for, got "
                        + folder.resolve("step-1"),
                assertThrows(IllegalStateException.class, () -> builder.build().run())
                        .getMessage());
    }

    @Test
    void refusesACheckpointOfAnotherTraining() {
        TinyBert model = TinyBert.seeded(manager, 1, 0);
        loop(model, config().optSteps(1).build()).optCheckpointFolder(folder).build().run();
        CheckpointException e =
                assertThrows(
                        CheckpointException.class,
                        () ->
                                loop(model, config().optSteps(1).optSeed(4).build())
                                        .optCheckpointFolder(folder)
                                        .optResume(true)
                                        .build()
                                        .run());
        assertTrue(e.getMessage().endsWith("[training.seed (11, now 4)]"), e.getMessage());
    }

    @Test
    void refusesACheckpointWhoseNamedIdentityDiffers() {
        TinyBert model = TinyBert.seeded(manager, 1, 0);
        TrainingLoop.Builder builder =
                loop(model, config().optSteps(1).build())
                        .optCheckpointFolder(folder)
                        .optResume(true)
                        .optIdentity("teacher", "a1");
        builder.build().run();
        builder.build().run();
        builder.optIdentity("teacher", "b2").optIdentity("labelShare", 0.5);
        String message =
                assertThrows(CheckpointException.class, () -> builder.build().run()).getMessage();
        assertTrue(
                message.endsWith("[labelShare (none, now \"0.5\"), teacher (\"a1\", now \"b2\")]"),
                message);
    }
}
