package org.jzoo.training.compression.distillation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/**
 * Batches of texts that are changed at random, each epoch anew: a teacher says of them what their
 * labels cannot. What labels they had is taken away.
 *
 * @see <a href="https://arxiv.org/abs/1903.12136">Tang et al. 2019, Distilling Task-Specific
 *     Knowledge from BERT</a>, section 3.2
 */
public final class ChangedTexts implements Batches {

    private static final long EPOCH_FACTOR = 1_000_003L;

    private final Batches batches;
    private final long[] fixed;
    private final ChangeRule rule;
    private final long seed;

    /**
     * How much texts are changed.
     *
     * @param untouched share of the texts that stay as they are, in [0, 1)
     * @param replaced share of a text's tokens that others replace at most, in [0, 1]
     * @param swapped share of a text's neighbours that swap places at most, in [0, 1]
     */
    public record ChangeRule(double untouched, double replaced, double swapped) {

        /** A third of the texts stay; of the others up to 30% and 20% of the tokens change. */
        public static final ChangeRule USUAL = new ChangeRule(0.33, 0.3, 0.2);

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a share is out of its range
         */
        public ChangeRule {
            if (!(untouched >= 0 && untouched < 1)
                    || !(replaced >= 0 && replaced <= 1)
                    || !(swapped >= 0 && swapped <= 1)) {
                throw new IllegalArgumentException(
                        "shares must be in [0, 1], untouched below 1, got untouched=%s, replaced=%s, swapped=%s"
                                .formatted(untouched, replaced, swapped));
            }
        }
    }

    /**
     * Changes batches.
     *
     * @param batches whose first inputs are token ids (B, T)
     * @param fixed the tokens that stay where they are, padding among them; at least one
     * @param seed of the changes
     */
    public ChangedTexts(Batches batches, long[] fixed, ChangeRule rule, long seed) {
        this.batches = batches;
        this.fixed = fixed.clone();
        this.rule = rule;
        this.seed = seed;
    }

    @Override
    public int size(int epoch) {
        return batches.size(epoch);
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        TrainingBatch batch = batches.batch(epoch, index, manager);
        PyTorch.seed((seed * EPOCH_FACTOR + epoch) * EPOCH_FACTOR + index);
        NDList inputs = new NDList(batch.inputs());
        try (GradientMode off = GradientMode.off()) {
            NDArray changed =
                    EmbeddingKernel.changed(
                            inputs.get(0),
                            manager.create(fixed),
                            rule.untouched(),
                            rule.replaced(),
                            rule.swapped());
            changed.attach(manager);
            inputs.set(0, changed);
        }
        return new TrainingBatch(
                inputs,
                new NDList(),
                batch.mask(),
                batch.positions(),
                batch.examples(),
                batch.tokens(),
                batch.weight(),
                new long[0],
                batch.span());
    }
}
