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
            List<Own> batches = new ArrayList<>();
            for (int i = 0; i < numBatches; i++) {
                NDManager own = scope.newSubManager();
                TrainingBatch batch = parts.batches.batch(progress.epoch, progress.batch + i, own);
                // Each batch draws from a seed of its own: a resumed run needs no generator's
                // state.
                batches.add(new Own(batch, own, Seeds.of(config.seed(), progress.step, i)));
                examples += batch.examples();
                tokens += batch.tokens();
                weight += batch.weight();
            }
            if (perturbed == null) {
                addAll(batches, weight, 1, step);
            } else {
                addTwice(batches, weight, step);
            }
        }
        return new Totals(examples, tokens, weight);
    }

    /** A batch of the step. */
    private record Own(TrainingBatch batch, NDManager scope, long seed) {}

    private void addAll(List<Own> batches, double weight, double factor, LossWatch.Step step) {
        for (Own each : batches) {
            try (NDManager own = each.scope()) {
                add(each, each.batch().weight() / weight, factor, step);
            }
        }
    }

    // Parameters move by the gradient of all batches: how a step is cut into them changes nothing.
    private void addTwice(List<Own> batches, double weight, LossWatch.Step step) {
        for (Own each : batches) {
            NDList inputs = each.batch().inputs();
            // What comes of inputs attaches to their manager.
            try (NDManager once = each.scope().newSubManager()) {
                inputs.attach(once);
                try {
                    add(each, each.batch().weight() / weight, 0.5, step);
                } finally {
                    inputs.attach(each.scope());
                }
            }
        }
        perturbed.move();
        try {
            addAll(batches, weight, 0.5, null);
        } finally {
            perturbed.restore();
        }
    }

    /**
     * Adds a batch's gradients.
     *
     * @param share of the batch in the step's loss
     * @param factor of the gradients of that share
     * @param step notes the loss; null to leave it out
     */
    private void add(Own each, double share, double factor, LossWatch.Step step) {
        TrainingBatch batch = each.batch();
        double scale = share * factor;
        PyTorch.seed(each.seed());
        ForwardContext context = batch.context(config.precision());
        parts.loss.captures().forEach(context::withCapture);
        Checkpoints segments =
                config.activationCheckpointing() ? new Checkpoints(each.seed(), context) : null;
        context.withCheckpoints(segments);
        try (GradientMode on = GradientMode.on()) {
            NDList outputs = parts.model.forward(store, batch.inputs(), true, context.asParams());
            NDArray task = parts.loss.compute(outputs, batch.labels(), context);
            NDArray auxiliary = sum(context.losses());
            NDArray total = auxiliary == null ? task : LinearKernel.add(task, auxiliary);
            if (step != null) {
                step.add(total, auxiliary, share, batch.rows());
            }
            backward.accept(scale == 1 ? total : LossKernel.scale(total, scale));
            if (segments != null) {
                segments.backward(scale);
            }
        }
    }

    private static NDArray sum(Map<String, NDArray> losses) {
        return losses.values().stream().reduce(LinearKernel::add).orElse(null);
    }
}
