package org.jzoo.zoo.lxmert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.ActivationKernel;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * A text encoder, an encoder of regions, and cross-attention both ways between them. A region is
 * embedded as the mean of its features, mapped and normed, and of its place, mapped and normed.
 *
 * <p>Inputs, in this order: token ids {@code (B, T)} int64; which tokens exist {@code (B, T)}
 * boolean, optional; features of regions {@code (B, N, F)}; their places {@code (B, N, P)}, as a
 * rule corners in [0, 1]; which regions exist {@code (B, N)} boolean, optional. True means it is
 * there. Output: as {@link RegionTextTask} says. Without training it records no gradients.
 *
 * @see <a href="https://arxiv.org/abs/1908.07490">Tan and Bansal 2019, LXMERT</a>, section 2
 */
public final class LxmertModel extends Part {

    private final LxmertConfig config;

    /** Builds the model, without weights. */
    public LxmertModel(LxmertConfig config) {
        this.config = config;
        int dim = config.text().dim();
        child("text", new TextEncoder(config.text()));
        child("features", new Linear(config.featureDim(), dim, true));
        child("featuresNorm", config.regionNorm().create(dim));
        child("boxes", new Linear(config.boxDim(), dim, true));
        child("boxesNorm", config.regionNorm().create(dim));
        child("regions", new Transformer(config.regions()));
        child("fusion", config.fusion().create(dim));
        child("pooler", new Linear(dim, dim, true));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        return pass.recordedInTraining(() -> encode(inputs, pass));
    }

    /**
     * Computes the outputs; gradients are recorded if the thread records them.
     *
     * @param inputs as the class says
     */
    public NDList encode(NDList inputs, Pass pass) {
        NDArray ids = inputs.get(0); // (B, T)
        int at = inputs.get(1).getDataType() == DataType.BOOLEAN ? 2 : 1;
        if (inputs.size() < at + 2) {
            throw new IllegalArgumentException(
                    "inputs must be ids, a mask if there is one, features, places and a mask if"
                            + " there is one, got %d arrays".formatted(inputs.size()));
        }
        NDArray features = inputs.get(at); // (B, N, F)
        NDArray textMask =
                at == 2 ? inputs.get(1) : FusionKernel.allTrue(ids, ids.getShape().get(1));
        NDArray regionMask =
                inputs.size() > at + 2
                        ? inputs.get(at + 2)
                        : FusionKernel.allTrue(ids, features.getShape().get(1));
        NDArray text = masked("text", ids, textMask, pass); // (B, T, D)
        NDArray embedded = embed(features, inputs.get(at + 1), pass); // (B, N, D)
        NDArray regions = masked("regions", embedded, regionMask, pass);
        NDList states = pass.run(part("fusion"), new NDList(text, regions, textMask, regionMask));
        NDArray first = EmbeddingKernel.first(states.get(0)); // (B, D)
        NDArray pooled = pass.run(part("pooler"), first);
        NDArray vector =
                ActivationKernel.tanh(LinearKernel.cast(pooled, Precision.FLOAT32)).expandDims(1);
        return list(
                FusionKernel.joinMasks(
                        vector, FusionKernel.joinMasks(states.get(0), states.get(1))));
    }

    private NDArray masked(String name, NDArray x, NDArray mask, Pass pass) {
        ForwardContext context = pass.context();
        NDArray before = context.mask();
        context.withMask(mask);
        String scope = context.enter(name + ".");
        NDArray y = pass.run(part(name), x);
        context.enter(scope);
        context.withMask(before);
        return y;
    }

    private NDArray embed(NDArray features, NDArray boxes, Pass pass) {
        NDArray x = pass.run(part("featuresNorm"), pass.run(part("features"), features));
        NDArray y = pass.run(part("boxesNorm"), pass.run(part("boxes"), boxes));
        return pass.dropout(FusionKernel.mean(x, y), config.text().dropout());
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        throw new UnsupportedOperationException(
                "the shape of LXMERT's output depends on which inputs are there");
    }
}
