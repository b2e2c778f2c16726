package org.jzoo.training.tuning;

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

/** Two layers of width 8 and a head with 3 outputs: (B, T, 8) to (B, 3). */
final class TinyModel extends Part {

    private TinyModel() {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder().setHeads(2, 8).build(),
                        new DenseFeedForwardOption(12, Activation.GELU, true, 0),
                        new LayerNormOption(1e-5),
                        NormPlacement.POST,
                        0);
        child("body", new Transformer(TransformerConfig.uniform(8, 2, layer, null)));
        child("head", new Linear(8, 3, true));
    }

    static TinyModel withoutWeights() {
        return new TinyModel();
    }

    /** All weights and biases random. */
    static TinyModel withWeights(NDManager manager) {
        TinyModel model = new TinyModel();
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 8));
        Random random = new Random(3);
        try (GradientMode off = GradientMode.off()) {
            ParameterPaths.of(model)
                    .values()
                    .forEach(p -> p.getArray().set(random(random, p.getShape())));
        }
        return model;
    }

    static float[] random(Random random, Shape shape) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.4f;
        }
        return values;
    }

    static NDArray input(NDManager manager) {
        Shape shape = new Shape(2, 5, 8);
        return manager.create(random(new Random(4), shape), shape);
    }

    /** Runs the model and, while training, sends ones back. */
    float[] run(NDArray x, boolean training) {
        try (GradientMode mode = training ? GradientMode.on() : GradientMode.off()) {
            NDArray y =
                    forward(
                                    new ParameterStore(x.getManager(), false),
                                    new NDList(x),
                                    training,
                                    new ForwardContext().asParams())
                            .singletonOrThrow();
            if (training) {
                GradientMode.backward(y);
            }
            return y.toFloatArray();
        }
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray hidden = pass.run(part("body"), inputs.singletonOrThrow());
        return list(
                pass.run(part("head"), EmbeddingKernel.meanPool(hidden, pass.context().mask())));
    }
}
