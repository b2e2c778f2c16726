package org.jzoo.training.compression.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Random;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/** Three layers of width 6 with 3 heads of 2 and 7 channels, then 4 classes of the mean. */
final class CutModel extends Part {

    static final int DIM = 6;
    static final int CLASSES = 4;

    /** Two batches of two sequences of 5 tokens, the last two of the second row padding. */
    record Inputs(boolean padded) implements Batches {

        @Override
        public int size(int epoch) {
            return 2;
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager manager) {
            int tokens = padded ? 7 : 5;
            Random random = new Random(index);
            float[] values = new float[2 * tokens * DIM];
            boolean[] mask = new boolean[2 * tokens];
            for (int b = 0; b < 2; b++) {
                for (int t = 0; t < tokens; t++) {
                    mask[b * tokens + t] = t < 5;
                    for (int d = 0; d < DIM; d++) {
                        values[(b * tokens + t) * DIM + d] = t < 5 ? random.nextFloat() - 0.5f : 9;
                    }
                }
            }
            TrainingBatch.Builder batch =
                    TrainingBatch.builder()
                            .setInputs(
                                    new NDList(manager.create(values, new Shape(2, tokens, DIM))))
                            .optLabels(new NDList(manager.create(new long[] {index, 3})))
                            .setExamples(2)
                            .optTokens(10);
            return (padded ? batch.optMask(manager.create(mask, new Shape(2, tokens))) : batch)
                    .build();
        }
    }

    CutModel(TransformerConfig stack) {
        child("stack", new Transformer(stack));
        child("head", new Linear(DIM, CLASSES, true));
    }

    static TransformerConfig whole(boolean gated) {
        FeedForwardOption feedForward =
                gated
                        ? new GatedFeedForwardOption(7, Activation.SILU, true, 0)
                        : new DenseFeedForwardOption(7, Activation.GELU, true, 0);
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder().setHeads(3, DIM).build(),
                        feedForward,
                        new LayerNormOption(1e-5),
                        NormPlacement.PRE,
                        0);
        return TransformerConfig.uniform(DIM, 3, layer, new LayerNormOption(1e-5));
    }

    static CutModel random(TransformerConfig stack, long seed, NDManager manager) {
        CutModel model = new CutModel(stack);
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 1, DIM));
        Random random = new Random(seed);
        ParameterPaths.of(model)
                .values()
                .forEach(
                        p -> {
                            float[] values = new float[(int) p.getShape().size()];
                            for (int i = 0; i < values.length; i++) {
                                values[i] = random.nextFloat() - 0.4f;
                            }
                            write(p.getArray(), values);
                        });
        return model;
    }

    static void write(NDArray array, float[] values) {
        try (GradientMode off = GradientMode.off()) {
            array.set(values);
        }
    }

    Transformer stack() {
        return (Transformer) part("stack");
    }

    NDArray weight(String path) {
        return ParameterPaths.of(this).get(path).getArray();
    }

    float[] run(NDManager manager) {
        TrainingBatch batch = new Inputs(false).batch(0, 0, manager);
        try (GradientMode off = GradientMode.off()) {
            return forward(
                            new ParameterStore(manager, false),
                            batch.inputs(),
                            false,
                            new ForwardContext().asParams())
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray hidden = pass.run(part("stack"), inputs.singletonOrThrow());
        NDArray mean = EmbeddingKernel.meanPool(hidden, pass.context().mask());
        return list(pass.run(part("head"), mean));
    }
}
