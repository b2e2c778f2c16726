package org.jzoo.training.compression.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.optimizer.PathPattern;

/**
 * Single weights of a model's matrices that are 0 and stay so while it trains: as a callback of the
 * training it sets them to 0 again after each step. On a GPU it hears of a step when the next one
 * has begun; after the last one all are 0.
 *
 * <p>Tensors keep their shapes: zeros save no time here, and space only where files are packed.
 */
public final class SparseWeights implements TrainingCallback, AutoCloseable {

    private final Map<String, NDArray> weights = new LinkedHashMap<>();
    private final Map<String, NDArray> masks = new LinkedHashMap<>();
    private final NDManager manager;

    private SparseWeights(NDManager manager) {
        this.manager = manager;
    }

    /**
     * Sets weights to 0.
     *
     * @param model with weights
     * @param rule which stay
     * @param targets patterns of paths of linear maps ("*.query"), at least one
     * @throws IllegalArgumentException if nothing matches, or the rule does not fit a matrix
     */
    public static SparseWeights of(Part model, SparsityRule rule, List<String> targets) {
        Map<String, NDArray> found = new LinkedHashMap<>();
        model.replaceParts(
                (path, block) -> {
                    if (block instanceof Linear map
                            && targets.stream().anyMatch(t -> PathPattern.matches(t, path))) {
                        found.put(path, map.weight().getArray());
                    }
                    return block;
                });
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "targets must match linear maps of the model, got targets=" + targets);
        }
        SparseWeights sparse =
                new SparseWeights(
                        PyTorch.engine()
                                .newBaseManager(found.values().iterator().next().getDevice()));
        sparse.weights.putAll(found);
        try {
            sparse.prune(rule);
        } catch (IllegalArgumentException e) {
            sparse.close();
            throw e;
        }
        return sparse;
    }

    /** Chooses anew which weights stay, by what they are now, and sets the others to 0. */
    public void prune(SparsityRule rule) {
        try (GradientMode off = GradientMode.off()) {
            weights.forEach((path, weight) -> setMask(path, rule.mask(weight)));
        }
        apply();
    }

    void setMask(String path, NDArray mask) {
        mask.attach(manager);
        NDArray before = masks.put(path, mask);
        if (before != null) {
            before.close();
        }
    }

    /** Sets to 0 what is to be 0. */
    public void apply() {
        try (GradientMode off = GradientMode.off();
                NDManager scope = manager.newSubManager()) {
            List<NDArray> products = new ArrayList<>();
            weights.forEach(
                    (path, weight) -> {
                        NDArray product = masks.get(path).mul(weight);
                        product.attach(scope);
                        products.add(product);
                    });
            OptimizerKernel.copy(
                    products.toArray(NDArray[]::new), weights.values().toArray(NDArray[]::new));
        }
    }

    /** Sets to 0 what is to be 0 of one matrix. */
    void apply(String path) {
        NDArray weight = weights.get(path);
        try (NDArray product = masks.get(path).mul(weight)) {
            OptimizerKernel.copy(new NDArray[] {product}, new NDArray[] {weight});
        }
    }

    /** The matrices by path. */
    Map<String, NDArray> weights() {
        return weights;
    }

    /** A matrix's mask, (Out, In), 1 for weights that stay. */
    NDArray mask(String path) {
        return masks.get(path);
    }

    /** The share of all weights of these matrices that is 0. */
    public double sparsity() {
        return zeros() / (double) masks.values().stream().mapToLong(NDArray::size).sum();
    }

    /** How many weights are 0. */
    public long zeros() {
        double zeros = 0;
        for (NDArray mask : masks.values()) {
            try (NDArray sum = mask.sum()) {
                zeros += mask.size() - sum.toFloatArray()[0];
            }
        }
        return Math.round(zeros);
    }

    @Override
    public void onStep(StepReport step) {
        apply();
    }

    @Override
    public void close() {
        manager.close();
    }
}
