package org.jzoo.training.loop;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.training.optimizer.AdamW;

/** Saves and restores everything that changes in a run. */
final class RunCheckpoints {

    private final TrainingLoop.Builder parts;
    private final RunIdentity identity;
    private final Map<String, NDArray> trainable;
    private final AdamW optimizer;
    private final BestWeights best;
    private final WeightAverage average;
    private final CheckpointFolder folder;

    RunCheckpoints(
            TrainingLoop.Builder parts,
            long totalSteps,
            Map<String, NDArray> trainable,
            AdamW optimizer,
            BestWeights best,
            WeightAverage average) {
        this.parts = parts;
        this.trainable = trainable;
        this.optimizer = optimizer;
        this.best = best;
        this.average = average;
        identity =
                new RunIdentity(
                        parts.config,
                        parts.optimizer,
                        parts.schedule,
                        totalSteps,
                        Map.copyOf(parts.identity));
        folder = new CheckpointFolder(parts.checkpointFolder);
    }

    /** The last good checkpoint, or null. */
    Path latest() {
        return folder.latest();
    }

    /**
     * Saves a checkpoint.
     *
     * @return its size in bytes
     * @throws IOException if it cannot be written; the one before is untouched
     * @throws DivergenceException if a number is not finite; the one before is untouched
     */
    long save(Progress progress) throws IOException {
        Map<String, Map<String, NDArray>> files = files(progress);
        try {
            return folder.save(
                    progress.toState(identity, moved(), CheckpointFolder.shapes(files)), files);
        } catch (ArithmeticException e) {
            double value = Double.parseDouble(e.getMessage());
            throw new DivergenceException(
                    "weights", value, progress.step, new long[0], folder.latest());
        }
    }

    // What has had a gradient keeps one, of zeros if need be, and moves with its momentum.
    private List<String> moved() {
        return optimizer.states().entrySet().stream()
                .filter(e -> e.getValue().steps().toFloatArray()[0] > 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Restores parameters and optimizer from the last good checkpoint.
     *
     * @return how far the training had come
     * @throws CheckpointException if it is damaged or of another training
     */
    Progress resume() {
        Path checkpoint = folder.latest();
        CheckpointState state = folder.readState(checkpoint);
        List<String> differences = RunIdentity.differences(state.run(), identity.toJson());
        if (state.version() != CheckpointState.VERSION || !differences.isEmpty()) {
            throw new CheckpointException(
                    "checkpoint %s is of another training: version %d, %s"
                            .formatted(checkpoint, state.version(), differences));
        }
        Progress progress = Progress.of(state);
        folder.readTensors(checkpoint, state, files(progress));
        AdamW.createGradients(state.moved().stream().map(trainable::get).toList());
        return progress;
    }

    private Map<String, Map<String, NDArray>> files(Progress progress) {
        Map<String, Map<String, NDArray>> files = new LinkedHashMap<>();
        files.put(
                "parameters.f32",
                parts.config.checkpointAll() ? Trainables.all(parts.model) : trainable);
        Map<String, NDArray> moments = new LinkedHashMap<>();
        optimizer
                .states()
                .forEach(
                        (path, state) -> {
                            moments.put(path + "/first", state.first());
                            moments.put(path + "/second", state.second());
                            moments.put(path + "/steps", state.steps());
                        });
        files.put("optimizer.f32", moments);
        if (parts.config.restoreBest() && progress.bestStep > 0) {
            files.put("best.f32", best.copies());
        }
        if (average != null) {
            files.put("average.f32", average.averages());
        }
        return files;
    }
}
