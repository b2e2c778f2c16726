package org.jzoo.blocks.fusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

/** One layer of {@link TwoWayFusion}: (text, image, text mask, image mask) to (text, image). */
final class TwoWayLayer extends Part {

    private final LayerConfig layer;
    private final boolean shared;

    TwoWayLayer(int dim, TwoWayFusionOption option) {
        layer = option.layer();
        shared = option.shared();
        String[] names = shared ? new String[] {"both"} : new String[] {"text", "image"};
        for (String name : names) {
            child(name + "Cross", option.cross().create(dim));
            child(name + "CrossNorm", layer.norm().create(dim));
        }
        TransformerConfig own = TransformerConfig.uniform(dim, 1, layer, null);
        child("text", new Transformer(own));
        child("image", new Transformer(own));
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray text = inputs.get(0); // (B, T, D)
        NDArray image = inputs.get(1); // (B, N, D)
        boolean masked = inputs.size() > 2;
        NDArray textMask = masked ? inputs.get(2) : null; // (B, T)
        NDArray imageMask = masked ? inputs.get(3) : null; // (B, N)
        NDArray newText = cross("text", "image", text, image, imageMask, pass);
        NDArray newImage = cross("image", "text", image, text, textMask, pass);
        return new NDList(
                own("text", newText, textMask, pass), own("image", newImage, imageMask, pass));
    }

    private NDArray cross(
            String stream, String other, NDArray x, NDArray memory, NDArray mask, Pass pass) {
        String name = shared ? "both" : stream;
        boolean first = layer.placement() == NormPlacement.PRE;
        NDArray query = first ? pass.run(part(name + "CrossNorm"), x) : x;
        String otherNorm = (shared ? "both" : other) + "CrossNorm";
        NDArray keys = first ? pass.run(part(otherNorm), memory) : memory;
        ForwardContext context = pass.context();
        String before = context.enter(context.scope() + stream + ".");
        NDList attending = new NDList(query, keys);
        if (mask != null) {
            attending.add(mask);
        }
        NDArray y = pass.run(part(name + "Cross"), attending).singletonOrThrow();
        context.enter(before);
        NDArray sum = LinearKernel.add(x, pass.dropout(y, layer.dropout()));
        return first ? sum : pass.run(part(name + "CrossNorm"), sum);
    }

    private NDArray own(String stream, NDArray x, NDArray mask, Pass pass) {
        ForwardContext context = pass.context();
        String scope = context.enter(context.scope() + stream + ".");
        NDArray before = context.mask();
        context.withMask(mask);
        NDArray y = pass.run(part(stream), x);
        context.withMask(before);
        context.enter(scope);
        return y;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0], inputShapes[1]};
    }
}
