package org.jzoo.training.compression.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.Map;
import org.jzoo.blocks.feedforward.DenseFeedForward;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.ImportanceKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/**
 * How much the channels inside feed-forwards vary over tokens: a channel that hardly does can be
 * left out, and needs no labels to be found.
 */
public final class ChannelVariance {

    private final Batches batches;
    private final int numBatches;

    /**
     * Prepares a measurement.
     *
     * @param batches whose first epoch is used
     * @param numBatches how many of them at most, at least 1
     */
    public ChannelVariance(Batches batches, int numBatches) {
        if (numBatches < 1) {
            throw new IllegalArgumentException(
                    "numBatches must be >= 1, got numBatches=" + numBatches);
        }
        this.batches = batches;
        this.numBatches = numBatches;
    }

    /**
     * Measures.
     *
     * @param model with one stack of layers
     * @return (L, F), the variance of each channel over all tokens that are no padding
     * @throws IllegalArgumentException if the model has no stack or several
     */
    public double[][] of(Part model) {
        int layers = Stacks.only(model).config().numLayers();
        double[][][] moments = new double[layers][][];
        double tokens = 0;
        int count = Math.min(numBatches, batches.size(0));
        try (NDManager manager =
                        PyTorch.engine()
                                .newBaseManager(
                                        ParameterPaths.of(model)
                                                .values()
                                                .iterator()
                                                .next()
                                                .getArray()
                                                .getDevice());
                GradientMode off = GradientMode.off()) {
            for (int i = 0; i < count; i++) {
                try (NDManager scope = manager.newSubManager()) {
                    TrainingBatch batch = batches.batch(0, i, scope);
                    ForwardContext context =
                            batch.context(Precision.FLOAT32).withCapture(DenseFeedForward.INNER);
                    model.forward(
                            new ParameterStore(scope, false),
                            batch.inputs(),
                            false,
                            context.asParams());
                    tokens += add(context.captured(), batch, moments);
                }
            }
        }
        double[][] variances = new double[layers][];
        for (int l = 0; l < layers; l++) {
            variances[l] = new double[moments[l][0].length];
            for (int c = 0; c < variances[l].length; c++) {
                double mean = moments[l][0][c] / tokens;
                variances[l][c] = Math.max(0, moments[l][1][c] / tokens - mean * mean);
            }
        }
        return variances;
    }

    private static double add(
            Map<String, NDArray> captured, TrainingBatch batch, double[][][] moments) {
        long counted = 0;
        for (Map.Entry<String, NDArray> each : captured.entrySet()) {
            String[] path = each.getKey().split("\\.", -1);
            int layer = Integer.parseInt(path[path.length - 2]);
            NDArray inner = each.getValue(); // (B, T, F)
            try (NDArray two = ImportanceKernel.moments(inner, batch.mask())) {
                float[] sums = two.toFloatArray();
                int width = sums.length / 2;
                if (moments[layer] == null) {
                    moments[layer] = new double[2][width];
                }
                for (int c = 0; c < width; c++) {
                    moments[layer][0][c] += sums[c];
                    moments[layer][1][c] += sums[width + c];
                }
            }
            counted = inner.getShape().get(0) * inner.getShape().get(1);
        }
        return batch.mask() == null ? counted : batch.tokens();
    }
}
