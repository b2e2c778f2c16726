package org.jzoo.blocks.fusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.Transformer;

/**
 * Joint attention: the Transformer over {@code [text; image]}, each token with a learned vector
 * that tells its modality.
 *
 * <p>Modulated, the image's tokens y first become {@code y ⊙ (1 + γ) + β} with {@code [γ; β] = W ·
 * mean text + b}, W {@code (2D, D)} (feature-wise linear modulation): every token learns at once
 * what is asked, which attention alone takes many steps to find out.
 *
 * <p>Shapes: as {@link FusionOption} says; types {@code (2, D)}, text first. Asked for captures,
 * the stack leaves them with T + N positions, text first.
 *
 * @see <a href="https://arxiv.org/abs/1908.03557">Li et al. 2019, VisualBERT</a>
 * @see <a href="https://arxiv.org/abs/1709.07871">Perez et al. 2018, FiLM: Visual Reasoning with a
 *     General Conditioning Layer</a>
 */
public final class JointFusion extends Part {

    private final Parameter types;
    private final boolean modulated;
    private final Transformer transformer;

    JointFusion(JointFusionOption option) {
        int dim = option.stack().dim();
        types = declare("types", new NormalInitializer(0.02f), 2, dim);
        modulated = option.modulated();
        if (modulated) {
            child("modulation", new Linear(dim, 2 * dim, true));
        }
        transformer = child("transformer", new Transformer(option.stack()));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray text = inputs.get(0); // (B, T, D)
        NDArray image = inputs.get(1); // (B, N, D)
        boolean masked = inputs.size() > 2;
        if (modulated) {
            NDArray asked = EmbeddingKernel.meanPool(text, masked ? inputs.get(2) : null); // (B, D)
            image = FusionKernel.modulate(image, pass.run(part("modulation"), asked));
        }
        ForwardContext context = pass.context();
        NDArray before = context.mask();
        context.withMask(
                masked
                        ? FusionKernel.joinMasks(inputs.get(2), inputs.get(3)) // (B, T + N)
                        : null);
        NDArray x = FusionKernel.join(text, image, pass.value(types, text)); // (B, T + N, D)
        NDArray y = pass.run(transformer, x);
        context.withMask(before);
        long length = text.getShape().get(1);
        return new NDList(
                FusionKernel.part(y, 0, length),
                FusionKernel.part(y, length, image.getShape().get(1)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0], inputShapes[1]};
    }
}
