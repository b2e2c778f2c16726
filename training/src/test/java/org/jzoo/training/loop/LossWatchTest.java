package org.jzoo.training.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.PyTorch;

final class LossWatchTest {

    private static final Path CHECKPOINT = Path.of("step-1");

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private LossWatch.Step step(long number, float norm, float... losses) {
        LossWatch.Step step = new LossWatch.Step(manager);
        for (float loss : losses) {
            NDArray scalar = manager.create(loss);
            step.add(scalar, scalar, 1.0 / losses.length, new long[] {number * 10});
        }
        NDArray gradientNorm = step.manager().create(norm);
        step.complete(gradientNorm, new StepReport(number, 9, 0, 0.1, 0, 0, 0, 0.5, 4, 8, 0.25));
        return step;
    }

    private static List<Long> numbers(List<StepReport> reports) {
        return reports.stream().map(StepReport::step).toList();
    }

    @Test
    void readsOneStepLateAndAllWhenAsked() {
        LossWatch watch = new LossWatch(1);
        assertEquals(List.of(), numbers(watch.add(step(1, 1, 2), null)));
        assertEquals(List.of(1L), numbers(watch.add(step(2, 1, 2), null)));
        assertEquals(List.of(2L), numbers(watch.readAll(null)));
        assertEquals(List.of(), numbers(watch.readAll(null)));
    }

    @Test
    void lossIsTheMeanOverTheStepsBatches() {
        StepReport report = new LossWatch(0).add(step(3, 7, 2, 4), null).get(0);
        assertEquals(3, report.loss());
        assertEquals(3, report.auxiliaryLoss());
        assertEquals(7, report.gradientNorm());
        assertEquals(0.5, report.learningRate());
    }

    @Test
    void infiniteNormNamesItsOwnStepThoughItIsReadLate() {
        LossWatch watch = new LossWatch(1);
        watch.add(step(1, Float.POSITIVE_INFINITY, 2), CHECKPOINT);
        DivergenceException e =
                assertThrows(DivergenceException.class, () -> watch.add(step(2, 1, 2), CHECKPOINT));
        assertEquals(
                "gradientNorm must be finite, got gradientNorm=Infinity at step 1 (rows [10]);"
                        + " last good checkpoint: step-1",
                e.getMessage());
        assertEquals(CHECKPOINT, e.checkpoint());
    }
}
