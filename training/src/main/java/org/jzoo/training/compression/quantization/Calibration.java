package org.jzoo.training.compression.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.PostTrainingKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loss.Loss;

/** Runs a few batches through a model to see what its linear maps are given. */
final class Calibration {

    private final Part model;
    private final Batches batches;
    private final NDManager manager;
    private final ParameterStore store;

    /**
     * Prepares.
     *
     * @param batches whose epoch 0 is run
     * @param manager owner of what comes out
     */
    Calibration(Part model, Batches batches, NDManager manager) {
        this.model = model;
        this.batches = batches;
        this.manager = manager;
        store = new ParameterStore(manager, false);
    }

    /**
     * Sums up inputs, and gradients if there is a loss.
     *
     * @param paths of linear maps
     * @param loss whose gradients count; null for none
     */
    Map<String, InputStatistics> of(Set<String> paths, Loss loss) {
        Map<String, RecordingLinear> recorders = new LinkedHashMap<>();
        model.replaceParts(
                (path, block) -> {
                    if (!(block instanceof Linear base) || !paths.contains(path)) {
                        return block;
                    }
                    RecordingLinear recorder = new RecordingLinear(base, manager);
                    recorders.put(path, recorder);
                    return recorder;
                });
        try (GradientMode off = GradientMode.off()) {
            for (int i = 0; i < batches.size(0); i++) {
                try (NDManager scope = manager.newSubManager()) {
                    forward(batches.batch(0, i, scope), false);
                }
            }
        } finally {
            model.replaceParts(
                    (path, block) ->
                            block instanceof RecordingLinear recorder ? recorder.base() : block);
        }
        Map<String, InputStatistics> statistics = new LinkedHashMap<>();
        Map<String, NDArray> fisher = loss == null ? Map.of() : fisher(recorders, loss);
        recorders.forEach(
                (path, r) ->
                        statistics.put(
                                path,
                                new InputStatistics(r.second(), r.magnitude(), fisher.get(path))));
        return statistics;
    }

    private Map<String, NDArray> fisher(Map<String, RecordingLinear> maps, Loss loss) {
        Map<String, NDArray> sums = new LinkedHashMap<>();
        maps.forEach(
                (path, map) ->
                        sums.put(
                                path,
                                manager.zeros(
                                        map.base().weight().getArray().getShape(),
                                        DataType.FLOAT32)));
        // Loaded weights ask for no gradients until something trains them.
        List<NDArray> silent =
                maps.values().stream()
                        .map(map -> map.base().weight().getArray())
                        .filter(weight -> !weight.hasGradient())
                        .toList();
        silent.forEach(weight -> weight.setRequiresGradient(true));
        try {
            for (int i = 0; i < batches.size(0); i++) {
                try (NDManager scope = manager.newSubManager();
                        GradientMode on = GradientMode.on()) {
                    TrainingBatch batch = batches.batch(0, i, scope);
                    ForwardContext context = contextOf(batch);
                    NDList outputs = model.forward(store, batch.inputs(), true, context.asParams());
                    GradientMode.backward(loss.compute(outputs, batch.labels(), context));
                }
                maps.forEach((path, map) -> add(sums.get(path), map.base().weight().getArray()));
                clearGradients();
            }
        } finally {
            silent.forEach(weight -> weight.setRequiresGradient(false));
        }
        return sums;
    }

    private static void add(NDArray sum, NDArray weight) {
        try (GradientMode off = GradientMode.off();
                NDArray gradient = weight.hasGradient() ? weight.getGradient() : null) {
            if (gradient != null) {
                PostTrainingKernel.addSquares(sum, gradient);
            }
        }
    }

    private void clearGradients() {
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.zeroGradients(
                    model.getParameters().values().stream()
                            .map(Parameter::getArray)
                            .filter(array -> array.hasGradient())
                            .toArray(NDArray[]::new));
        }
    }

    private NDList forward(TrainingBatch batch, boolean training) {
        return model.forward(store, batch.inputs(), training, contextOf(batch).asParams());
    }

    private static ForwardContext contextOf(TrainingBatch batch) {
        return new ForwardContext().withMask(batch.mask()).withPositions(batch.positions());
    }
}
