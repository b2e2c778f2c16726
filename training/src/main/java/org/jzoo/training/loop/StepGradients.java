package org.jzoo.training.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Checkpoints;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.training.optimizer.AdamW;

/** Adds up the gradients of the batches of one step. */
final class StepGradients {

    /** What a step was made of. */
    record Totals(long examples, long tokens, double weight) {}

    private final TrainingLoop.Builder parts;
    private final TrainingConfig config;
    private final NDManager manager;
    private final ParameterStore store;
    private final PerturbedWeights perturbed;
    private final Consumer<NDArray> backward;

    StepGradients(
            TrainingLoop.Builder parts,
            NDManager manager,
            Map<String, NDArray> trainable,
            AdamW optimizer) {
        this.parts = parts;
        this.manager = manager;
        config = parts.config;
        store = new ParameterStore(manager, false);
        perturbed =
                config.perturbation() == null
                        ? null
                        : new PerturbedWeights(trainable, manager, config.perturbation());
        // Others look at the gradients that parameters keep.
        boolean keptByParameters =
                perturbed != null
                        || config.activationCheckpointing()
                        || parts.gradientExchange != null;
        backward = keptByParameters ? GradientMode::backward : optimizer::backward;
    }

    /**
     * Runs the next batches forwards and backwards, each counting by its weight.
     *
     * @param progress where the batches begin
     * @param numBatches of the same epoch
     * @param step notes the losses
     */
    Totals add(Progress progress, int numBatches, LossWatch.Step step) {
        long examples = 0;
        long tokens = 0;
        double weight = 0;
        try (NDManager scope = manager.newSubManager()) {
            List<NDManager> scopes = new ArrayList<>();
            List<TrainingBatch> batches = new ArrayList<>();
            for (int i = 0; i < numBatches; i++) {
                scopes.add(scope.newSubManager());
                TrainingBatch batch =
                        parts.batches.batch(progress.epoch, progress.batch + i, scopes.get(i));
                batches.add(batch);
                examples += batch.examples();
                tokens += batch.tokens();
                weight += batch.weight();
            }
            for (int i = 0; i < numBatches; i++) {
                TrainingBatch batch = batches.get(i);
                // Each batch draws from a seed of its own: a resumed run needs no generator's
                // state.
                long seed = Seeds.of(config.seed(), progress.step, i);
                try (NDManager own = scopes.get(i)) {
                    double share = batch.weight() / weight;
                    if (perturbed == null) {
                        add(batch, seed, share, share, step);
                    } else {
                        add(batch, seed, share / 2, share, step);
                        perturbed.move();
                        add(batch, seed, share / 2, share, null);
                        perturbed.restore();
                    }
                }
            }
        }
        return new Totals(examples, tokens, weight);
    }

    /**
     * Adds a batch's gradients.
     *
     * @param factor of the gradients
     * @param share of the batch in the step's loss
     * @param step notes the loss; null to leave it out
     */
    private void add(
            TrainingBatch batch, long seed, double factor, double share, LossWatch.Step step) {
        PyTorch.seed(seed);
        ForwardContext context = batch.context(config.precision());
        parts.loss.captures().forEach(context::withCapture);
        Checkpoints segments =
                config.activationCheckpointing() ? new Checkpoints(seed, context) : null;
        context.withCheckpoints(segments);
        try (GradientMode on = GradientMode.on()) {
            NDList outputs = parts.model.forward(store, batch.inputs(), true, context.asParams());
            NDArray task = parts.loss.compute(outputs, batch.labels(), context);
            NDArray auxiliary = sum(context.losses());
            NDArray total = auxiliary == null ? task : LinearKernel.add(task, auxiliary);
            if (step != null) {
                step.add(total, auxiliary, share, batch.rows());
            }
            backward.accept(factor == 1 ? total : LossKernel.scale(total, factor));
            if (segments != null) {
                segments.backward(factor);
            }
        }
    }

    private static NDArray sum(Map<String, NDArray> losses) {
        return losses.values().stream().reduce(LinearKernel::add).orElse(null);
    }
}
