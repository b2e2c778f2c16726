package org.jzoo.zoo.j1;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.FusionKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.decoder.TextDecoder;

/**
 * J1's image encoder before a text decoder.
 *
 * <p>Inputs: images {@code (B, C, Hi, Wi)} float32 in [-1, 1], and texts {@code (B, T)} int64,
 * which begin with the task's first token; shorter ones are filled up at the end with anything,
 * since tokens see only what is before them. Output: logits {@code (B, T, V)} float32 of the token
 * after each; the image's tokens have none, so that they cost no loss. Without training it records
 * no gradients.
 */
public final class J1Captioner extends Part {

    private final TextDecoder decoder;

    /**
     * Builds the model, without weights.
     *
     * @throws IllegalArgumentException if there is no image encoder, or the decoder's longest input
     *     has no room for a text
     */
    public J1Captioner(J1Config config, CaptionTask task) {
        if (config.image() == null) {
            throw new IllegalArgumentException("image must be there for captions, got none");
        }
        int merge = config.image().merge();
        int places = config.image().merged().size();
        if (task.decoder().maxLength() < places + 2) {
            throw new IllegalArgumentException(
                    "maxLength must be >= the image's tokens + 2, got maxLength=%d, tokens=%d"
                            .formatted(task.decoder().maxLength(), places));
        }
        child("image", new J1ImageEncoder(config.image()));
        child(
                "prefix",
                new Linear(
                        config.image().stack().dim() * merge * merge, task.decoder().dim(), true));
        decoder = child("decoder", new TextDecoder(task.decoder()));
        J1Model.widen(this);
    }

    /** The decoder, which knows nothing of images. */
    public TextDecoder decoder() {
        return decoder;
    }

    /** What stands before the text: (B, C, Hi, Wi) to (B, P, D) in float32. */
    public NDArray prefix(NDArray images, Pass pass) {
        NDArray hidden = pass.run(part("image"), images);
        return LinearKernel.cast(pass.run(part("prefix"), hidden), Precision.FLOAT32);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        if (pass.training()) {
            return run(inputs, pass);
        }
        try (GradientMode off = GradientMode.off()) {
            return run(inputs, pass);
        }
    }

    private NDList run(NDList inputs, Pass pass) {
        boolean fits =
                inputs.size() == 2
                        && inputs.get(0).getDataType().isFloating()
                        && inputs.get(1).getDataType() == DataType.INT64;
        if (!fits) {
            throw new IllegalArgumentException(
                    "inputs must be images (B, C, Hi, Wi) and texts (B, T), got " + inputs);
        }
        NDArray ids = inputs.get(1); // (B, T)
        NDArray prefix = prefix(inputs.get(0), pass); // (B, P, D)
        NDArray hidden = decoder.hidden(prefix, ids, pass); // (B, P + T, D)
        long places = prefix.getShape().get(1);
        NDArray words = FusionKernel.part(hidden, places, ids.getShape().get(1)); // (B, T, D)
        return list(decoder.logits(words, pass));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return decoder.getOutputShapes(new Shape[] {inputShapes[1]});
    }
}
