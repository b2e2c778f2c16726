package org.jzoo.blocks.fusion;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.Map;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * Cross-attention both ways: in each layer the text attends to the image and the image to the text
 * as they were before the layer; then each stream has a self-attention and a feed-forward of its
 * own.
 *
 * <p>Shapes: as {@link FusionOption} says.
 *
 * @see <a href="https://arxiv.org/abs/1908.07490">Tan and Bansal 2019, LXMERT</a>, section 2.2
 */
public final class TwoWayFusion extends Part {

    private final Layers layers;

    TwoWayFusion(int dim, TwoWayFusionOption option) {
        layers = child("layers", new Layers(dim, option));
        if (option.finalNorm() != null) {
            child("textNorm", option.finalNorm().create(dim));
            child("imageNorm", option.finalNorm().create(dim));
        }
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDList outputs = pass.run(layers, inputs);
        if (!parts().containsKey("textNorm")) {
            return outputs;
        }
        return new NDList(
                pass.run(part("textNorm"), outputs.get(0)),
                pass.run(part("imageNorm"), outputs.get(1)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0], inputShapes[1]};
    }

    /** The layers by number, so that paths read "layers.0". */
    private static final class Layers extends Part {

        Layers(int dim, TwoWayFusionOption option) {
            for (int l = 0; l < option.numLayers(); l++) {
                child(Integer.toString(l), new TwoWayLayer(dim, option));
            }
        }

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            ForwardContext context = pass.context();
            String before = context.scope();
            NDList streams = inputs.subNDList(0, 2);
            NDList masks = inputs.subNDList(2);
            for (Map.Entry<String, Block> layer : parts().entrySet()) {
                context.enter(before + "layers." + layer.getKey() + ".");
                NDList all = new NDList(streams);
                all.addAll(masks);
                streams = pass.run(layer.getValue(), all);
            }
            context.enter(before);
            return streams;
        }
    }
}
