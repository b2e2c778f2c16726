package org.jzoo.training.loop;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.loop.TrainingResult.End;
import org.jzoo.training.optimizer.AdamW;

/** One run of a {@link TrainingLoop}: everything that changes while it runs. */
final class TrainingRun implements AutoCloseable {

    private final TrainingLoop.Builder parts;
    private final TrainingConfig config;
    private final StopSignal ending;
    private final Map<String, NDArray> trainable;
    private final NDManager manager;
    private final StepGradients gradients;
    private final AdamW optimizer;
    private final BestWeights best;
    private final WeightAverage average;
    private final LossWatch watch;
    private final RunCheckpoints checkpoints;
    private final long totalSteps;
    private final long started = System.nanoTime();

    private Progress progress = new Progress();
    private long savedStep = -1;
    private long resumedStep;
    private long clock;

    TrainingRun(TrainingLoop.Builder parts, StopSignal ending) {
        this.parts = parts;
        this.ending = ending;
        config = parts.config;
        trainable = Trainables.of(parts.model);
        Device device = Trainables.deviceOf(parts.model);
        manager = PyTorch.engine().newBaseManager(device);
        optimizer = new AdamW(trainable, parts.optimizer);
        gradients = new StepGradients(parts, manager, trainable, optimizer);
        best = new BestWeights(trainable, manager);
        average =
                config.averaging() == 0
                        ? null
                        : new WeightAverage(trainable, manager, config.averaging());
        // Reading a number makes the processor wait for the GPU: it does so for the step before,
        // while the GPU has this one to do.
        watch = new LossWatch(device.isGpu() ? 1 : 0);
        totalSteps = config.steps() > 0 ? config.steps() : stepsOf(config.epochs());
        checkpoints =
                parts.checkpointFolder == null
                        ? null
                        : new RunCheckpoints(
                                parts, totalSteps, trainable, optimizer, best, average);
    }

    private long stepsOf(int epochs) {
        long steps = 0;
        for (int epoch = 0; epoch < epochs; epoch++) {
            steps += Math.floorDiv(parts.batches.size(epoch) - 1, config.accumulation()) + 1;
        }
        return steps;
    }

    TrainingResult run() {
        try {
            return runToEnd();
        } catch (RuntimeException e) {
            tell(c -> c.onFailure(e));
            throw e;
        }
    }

    private TrainingResult runToEnd() {
        optimizer.zeroGradients();
        resume();
        if (parts.gradientExchange != null) {
            AdamW.createGradients(trainable.values());
        }
        tell(c -> c.onStart(startReport()));
        End end = steps();
        tellSteps(watch.readAll(latest()));
        if (progress.step != savedStep) {
            save();
        }
        if (end != End.INTERRUPTED) {
            settle();
        }
        TrainingResult result = result(end);
        tell(c -> c.onEnd(result));
        return result;
    }

    /** Leaves the model with the weights that training was for. */
    private void settle() {
        if (config.restoreBest() && progress.bestStep > 0) {
            best.restore();
        } else {
            swapAverage();
        }
    }

    private RunStart startReport() {
        return new RunStart(
                ParameterReport.of(parts.model),
                config,
                parts.optimizer,
                parts.schedule,
                totalSteps,
                progress.step,
                manager.getDevice());
    }

    private End steps() {
        clock = System.nanoTime();
        while (progress.step < totalSteps) {
            if (config.patience() > 0 && progress.staleEvaluations >= config.patience()) {
                return End.EARLY_STOPPED;
            }
            if (parts.stopSignal.requested() || ending.requested()) {
                return End.INTERRUPTED;
            }
            boolean epochEnds = step();
            boolean evaluated = evaluationIsDue(epochEnds);
            if (evaluated) {
                evaluate();
            }
            long every = config.checkpointEvery();
            boolean landmark = parts.evaluation == null ? epochEnds : evaluated;
            if (every > 0 ? progress.step % every == 0 : landmark) {
                save();
            }
        }
        return End.COMPLETED;
    }

    /** Makes one optimizer step; returns whether it was an epoch's last. */
    private boolean step() {
        int size = parts.batches.size(progress.epoch);
        int numBatches = Math.min(config.accumulation(), size - progress.batch);
        double factor = parts.schedule.factor(progress.step, totalSteps);
        LossWatch.Step step = new LossWatch.Step(manager);
        StepGradients.Totals totals = gradients.add(progress, numBatches, step);
        exchange(totals.weight());
        NDArray norm = optimizer.clipGradients(config.clipNorm(), step.manager());
        step.complete(norm, unread(factor, progress.epochs(numBatches, size), totals));
        // Before the parameters move: what is not finite must not reach them.
        List<StepReport> read = watch.add(step, latest());
        optimizer.step(factor);
        optimizer.zeroGradients();
        if (average != null) {
            average.add(progress.step);
        }
        boolean epochEnds = progress.advance(numBatches, size, totals);
        tellSteps(read);
        return epochEnds;
    }

    private StepReport unread(double factor, double epochs, StepGradients.Totals totals) {
        long now = System.nanoTime();
        double seconds = (now - clock) / 1e9;
        clock = now;
        return new StepReport(
                progress.step + 1,
                totalSteps,
                progress.epoch,
                epochs,
                0,
                0,
                0,
                parts.optimizer.learningRate() * factor,
                totals.examples(),
                totals.tokens(),
                seconds);
    }

    private void exchange(double weight) {
        if (parts.gradientExchange == null) {
            return;
        }
        List<NDArray> all = trainable.values().stream().map(NDArray::getGradient).toList();
        parts.gradientExchange.average(all, weight);
        all.forEach(NDArray::close);
    }

    private boolean evaluationIsDue(boolean epochEnds) {
        if (parts.evaluation == null) {
            return false;
        }
        long every = config.evaluateEvery();
        return progress.step == totalSteps || (every > 0 ? progress.step % every == 0 : epochEnds);
    }

    private void evaluate() {
        tellSteps(watch.readAll(latest()));
        long start = System.nanoTime();
        swapAverage();
        Map<String, Double> metrics;
        try (GradientMode off = GradientMode.off()) {
            metrics = parts.evaluation.evaluate(parts.model, config.precision());
        }
        config.watch().require(metrics.keySet());
        boolean better = progress.evaluated(metrics, config.watch());
        if (better && config.restoreBest()) {
            best.keep();
        }
        swapAverage();
        EvaluationReport report =
                new EvaluationReport(
                        progress.step,
                        progress.lastEpoch(),
                        progress.epochs(0, parts.batches.size(progress.epoch)),
                        metrics,
                        better,
                        (System.nanoTime() - start) / 1e9);
        tell(c -> c.onEvaluation(report));
        clock = System.nanoTime();
    }

    private void swapAverage() {
        if (average != null) {
            average.swap();
        }
    }

    private void save() {
        if (checkpoints == null) {
            return;
        }
        tellSteps(watch.readAll(latest()));
        long start = System.nanoTime();
        try {
            long bytes = checkpoints.save(progress);
            savedStep = progress.step;
            CheckpointReport report =
                    new CheckpointReport(
                            savedStep, latest(), bytes, (System.nanoTime() - start) / 1e9);
            tell(c -> c.onCheckpoint(report));
        } catch (IOException e) {
            tell(c -> c.onCheckpointFailure(progress.step, e));
        }
        clock = System.nanoTime();
    }

    private void resume() {
        if (latest() == null) {
            return;
        }
        if (!parts.resume) {
            throw new IllegalStateException(
                    "checkpoint folder must be empty unless resume is asked for, got " + latest());
        }
        progress = checkpoints.resume();
        savedStep = progress.step;
        resumedStep = progress.step;
    }

    private Path latest() {
        return checkpoints == null ? null : checkpoints.latest();
    }

    private void tellSteps(List<StepReport> steps) {
        for (StepReport step : steps) {
            progress.loss = step.loss();
            tell(c -> c.onStep(step));
        }
    }

    private void tell(Consumer<TrainingCallback> message) {
        parts.callbacks.forEach(message);
    }

    private TrainingResult result(End end) {
        return new TrainingResult(
                end,
                progress.step,
                progress.lastEpoch(),
                progress.loss,
                progress.lastMetrics,
                progress.bestMetrics,
                progress.bestStep,
                latest(),
                savedStep == progress.step,
                progress.examples,
                progress.tokens,
                (System.nanoTime() - started) / 1e9,
                progress.step - resumedStep);
    }

    @Override
    public void close() {
        optimizer.close();
        manager.close();
    }
}
