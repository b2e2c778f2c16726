package org.jzoo.zoo.decoder;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * A decoder as a model.
 *
 * <p>Inputs: token ids {@code (B, T)} int64 and, if anything is padded, the mask {@code (B, T)}
 * (boolean, true means a real token). Output: logits {@code (B, T, V)} float32. Without training it
 * records no gradients, on whatever thread it runs.
 */
public final class LanguageModel extends Part {

    private final TextDecoder decoder;

    /** Builds the model, without weights. */
    public LanguageModel(DecoderConfig config) {
        decoder = child("decoder", new TextDecoder(config));
    }

    /** The decoder. */
    public TextDecoder decoder() {
        return decoder;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        return pass.recordedInTraining(() -> run(inputs, pass));
    }

    private NDList run(NDList inputs, Pass pass) {
        if (inputs.size() > 1) {
            pass.context().withMask(inputs.get(1));
        }
        return pass.run(decoder, new NDList(inputs.get(0)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return decoder.getOutputShapes(inputShapes);
    }
}
