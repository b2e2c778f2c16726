package org.jzoo.training.compression.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.Objects;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.ImportanceKernel;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loss.Loss;

/**
 * Sparse training whose connections move: every so many steps a share {@code α/2 · (1 + cos(π t /
 * T))} of each matrix's weights, the smallest, are dropped, and as many others grow from 0 where
 * the loss's gradient is largest. The number of weights stays.
 *
 * @see <a href="https://arxiv.org/abs/1911.11134">Evci et al. 2020, Rigging the Lottery</a>,
 *     section 3
 */
public final class DynamicSparsity implements TrainingCallback {

    private final SparseWeights weights;
    private final Part model;
    private final Loss loss;
    private final Batches batches;
    private final double share;
    private final long every;
    private final long until;

    /**
     * Plans.
     *
     * @param weights of the model, sparse already
     * @param model that trains
     * @param loss that it trains by
     * @param batches on which gradients of all weights are computed, one batch each time
     * @param share of the weights that move at first (α), in (0, 1)
     * @param every steps between moves, at least 1
     * @param until steps after which nothing moves (T), at least 1
     * @throws IllegalArgumentException if a number is out of its range
     */
    public DynamicSparsity(
            SparseWeights weights,
            Part model,
            Loss loss,
            Batches batches,
            double share,
            long every,
            long until) {
        if (!(share > 0 && share < 1) || every < 1 || until < 1) {
            throw new IllegalArgumentException(
                    "share must be in (0, 1), every and until >= 1, got share=%s, every=%d, until=%d"
                            .formatted(share, every, until));
        }
        this.weights = Objects.requireNonNull(weights, "weights");
        this.model = Objects.requireNonNull(model, "model");
        this.loss = Objects.requireNonNull(loss, "loss");
        this.batches = Objects.requireNonNull(batches, "batches");
        this.share = share;
        this.every = every;
        this.until = until;
    }

    /** The share that moves after so many steps. */
    public double at(long step) {
        return step >= until ? 0 : share / 2 * (1 + Math.cos(Math.PI * step / until));
    }

    @Override
    public void onStep(StepReport report) {
        weights.apply();
        if (report.step() % every == 0 && report.step() < until) {
            move((int) (report.step() / every % batches.size(0)), at(report.step()));
        }
    }

    /** Moves a share of the connections, by the gradients on one batch. */
    void move(int batch, double moved) {
        NDArray[] all = weights.weights().values().toArray(NDArray[]::new);
        try (NDManager manager = PyTorch.engine().newBaseManager(all[0].getDevice())) {
            // The training has zeroed its gradients after the step, and finds them so again.
            backward(batch, manager);
            try (GradientMode off = GradientMode.off()) {
                weights.weights().forEach((path, weight) -> rewire(path, weight, moved));
            }
        } finally {
            OptimizerKernel.zeroGradients(
                    model.getParameters().values().stream()
                            .map(p -> p.getArray())
                            .filter(NDArray::hasGradient)
                            .toArray(NDArray[]::new));
        }
        weights.apply();
    }

    private void rewire(String path, NDArray weight, double moved) {
        try (NDArray gradient = weight.getGradient()) {
            NDArray[] masks = ImportanceKernel.rewired(weight, weights.mask(path), gradient, moved);
            // What is dropped and grows again begins at 0 like the others.
            weights.setMask(path, masks[0]);
            weights.apply(path);
            weights.setMask(path, masks[1]);
        }
    }

    private void backward(int index, NDManager manager) {
        try (NDManager scope = manager.newSubManager();
                GradientMode on = GradientMode.on()) {
            TrainingBatch batch = batches.batch(0, index, scope);
            ForwardContext context = batch.context(Precision.FLOAT32);
            loss.captures().forEach(context::withCapture);
            NDList outputs =
                    model.forward(
                            new ParameterStore(scope, false),
                            batch.inputs(),
                            true,
                            context.asParams());
            GradientMode.backward(loss.compute(outputs, batch.labels(), context));
        }
    }
}
