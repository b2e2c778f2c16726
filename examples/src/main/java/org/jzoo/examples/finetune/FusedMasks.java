package org.jzoo.examples.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/**
 * A J1's batches, told which tokens of its joint attention exist, (B, T + N): a loss that looks at
 * hidden states leaves out padding by it. The model itself does not read it.
 *
 * @param batches of ids and mask (M, T), images, pairs (B, 2) and possibly present (B, 2)
 * @param imageTokens of an image in the fusion (N)
 */
public record FusedMasks(Batches batches, long imageTokens) implements Batches {

    private static final int MASK = 1;
    private static final int PAIRS = 3;
    private static final int PRESENT = 4;

    @Override
    public int size(int epoch) {
        return batches.size(epoch);
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        TrainingBatch batch = batches.batch(epoch, index, manager);
        try (GradientMode off = GradientMode.off();
                NDManager scope = manager.newSubManager()) {
            NDArray mask = mask(batch.inputs(), scope);
            mask.attach(manager);
            return batch.withMask(mask);
        }
    }

    private NDArray mask(NDList inputs, NDManager scope) {
        NDArray pairs = inputs.get(PAIRS);
        NDArray text = FusionKernel.take(inputs.get(MASK), pairs, FusionKernel.TEXT); // (B, T)
        text.attach(scope);
        NDArray image = FusionKernel.allTrue(pairs, imageTokens); // (B, N)
        image.attach(scope);
        if (inputs.size() > PRESENT) {
            NDArray present = inputs.get(PRESENT);
            text = FusionKernel.presentMask(text, present, FusionKernel.TEXT);
            text.attach(scope);
            image = FusionKernel.presentMask(image, present, FusionKernel.IMAGE);
            image.attach(scope);
        }
        return FusionKernel.joinMasks(text, image); // (B, T + N)
    }
}
