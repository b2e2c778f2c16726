package org.jzoo.training.loop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.training.loop.CheckpointState.TensorShape;

/** How far a training has come. */
final class Progress {

    long step;
    int epoch;
    int batch;
    long examples;
    long tokens;
    double loss = Double.NaN;
    Map<String, Double> lastMetrics = Map.of();
    Map<String, Double> bestMetrics = Map.of();
    long bestStep;
    int staleEvaluations;

    /** Notes a step over so many batches; returns whether it ended an epoch of {@code size}. */
    boolean advance(int numBatches, int size, StepGradients.Totals totals) {
        step++;
        examples += totals.examples();
        tokens += totals.tokens();
        batch += numBatches;
        if (batch < size) {
            return false;
        }
        epoch++;
        batch = 0;
        return true;
    }

    /** Passes over the data when so many more batches are done, with fraction. */
    double epochs(int more, int size) {
        return epoch + (double) (batch + more) / size;
    }

    /** The epoch of the last batch. */
    int lastEpoch() {
        return batch == 0 && epoch > 0 ? epoch - 1 : epoch;
    }

    /** Notes an evaluation; returns whether it is the best so far. */
    boolean evaluated(Map<String, Double> metrics, Watch watch) {
        lastMetrics = new LinkedHashMap<>(metrics);
        double before = bestStep == 0 ? Double.NaN : bestMetrics.get(watch.metric());
        if (!watch.improves(metrics.get(watch.metric()), before)) {
            staleEvaluations++;
            return false;
        }
        staleEvaluations = 0;
        bestMetrics = lastMetrics;
        bestStep = step;
        return true;
    }

    CheckpointState toState(
            RunIdentity run, List<String> moved, Map<String, List<TensorShape>> tensors) {
        return new CheckpointState(
                CheckpointState.VERSION,
                run.toJson(),
                step,
                epoch,
                batch,
                examples,
                tokens,
                Double.toString(loss),
                RunIdentity.texts(lastMetrics),
                RunIdentity.texts(bestMetrics),
                bestStep,
                staleEvaluations,
                moved,
                tensors);
    }

    static Progress of(CheckpointState state) {
        Progress progress = new Progress();
        progress.step = state.step();
        progress.epoch = state.epoch();
        progress.batch = state.batch();
        progress.examples = state.examples();
        progress.tokens = state.tokens();
        progress.loss = Double.parseDouble(state.loss());
        progress.lastMetrics = RunIdentity.values(state.lastMetrics());
        progress.bestMetrics = RunIdentity.values(state.bestMetrics());
        progress.bestStep = state.bestStep();
        progress.staleEvaluations = state.staleEvaluations();
        return progress;
    }
}
