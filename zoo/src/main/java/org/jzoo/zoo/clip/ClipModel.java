package org.jzoo.zoo.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.ConstantInitializer;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.NormKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.encoder.ImageEncoder;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * Two encoders and a projection from each into one space.
 *
 * <p>Inputs, told apart by their types: token ids {@code (Bt, T)} int64, a mask {@code (Bt, T)} of
 * booleans if texts are padded, images {@code (Bi, C, Hi, Wi)} float32; a second int64 array (token
 * types) is passed over. Either texts or images may be missing. Outputs in float32: for texts alone
 * or images alone their vectors {@code (Bt, E)} or {@code (Bi, E)}; for both the similarities
 * {@code (Bi, Bt)}, the images' vectors and the texts'. Vectors have length 1. Captures lie under
 * "text." and "image.".
 *
 * @see <a href="https://arxiv.org/abs/2103.00020">Radford et al. 2021, CLIP</a>, section 2.4
 */
public final class ClipModel extends Part {

    private static final double SMALLEST_NORM = 1e-12;

    private final ClipConfig config;
    private final Parameter logitScale;

    ClipModel(ClipConfig config) {
        this.config = config;
        child("text", new TextEncoder(config.text()));
        child("image", new ImageEncoder(config.image()));
        child("textProjection", new Linear(config.text().dim(), config.projectionDim(), false));
        child("imageProjection", new Linear(config.image().dim(), config.projectionDim(), false));
        float start = (float) config.logitScale();
        logitScale = declare("logitScale", new ConstantInitializer(start), 1);
    }

    /** What this model was built from. */
    public ClipConfig config() {
        return config;
    }

    /** What was given of a batch; null for what was not. */
    private record Given(NDArray ids, NDArray mask, NDArray images) {

        static Given of(NDList inputs) {
            NDArray ids = null;
            NDArray mask = null;
            NDArray images = null;
            for (NDArray input : inputs) {
                if (input.getDataType().isFloating()) {
                    images = input;
                } else if (input.getDataType() == DataType.BOOLEAN) {
                    mask = input;
                } else if (ids == null) {
                    ids = input;
                }
            }
            if (ids == null && images == null) {
                throw new IllegalArgumentException(
                        "inputs must be token ids (int64), images (float32) or both, got "
                                + inputs);
            }
            return new Given(ids, mask, images);
        }
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        return pass.recordedInTraining(() -> encode(inputs, pass));
    }

    /** Computes the outputs in the thread's own gradient mode. */
    public NDList encode(NDList inputs, Pass pass) {
        Given given = Given.of(inputs);
        NDArray texts = given.ids() == null ? null : texts(given, pass); // (Bt, E)
        NDArray images = given.images() == null ? null : images(given, pass); // (Bi, E)
        if (texts == null || images == null) {
            return list(texts == null ? images : texts);
        }
        NDArray scale = pass.value(logitScale, images); // (1)
        return new NDList(ImageKernel.match(images, texts, scale), images, texts);
    }

    private NDArray texts(Given given, Pass pass) {
        ForwardContext context = pass.context().withMask(given.mask()).withPositions(null);
        String before = context.enter(context.scope() + "text.");
        NDArray hidden = pass.run(part("text"), given.ids()); // (Bt, T, D)
        context.enter(before);
        NDArray end = EmbeddingKernel.atToken(hidden, given.ids(), config.endToken()); // (Bt, D)
        return projected("textProjection", end, pass);
    }

    private NDArray images(Given given, Pass pass) {
        ForwardContext context = pass.context().withMask(null);
        String before = context.enter(context.scope() + "image.");
        NDArray hidden = pass.run(part("image"), given.images()); // (Bi, 1 + N, D)
        context.enter(before);
        return projected("imageProjection", EmbeddingKernel.first(hidden), pass);
    }

    private NDArray projected(String projection, NDArray x, Pass pass) {
        NDArray y = LinearKernel.cast(pass.run(part(projection), x), Precision.FLOAT32);
        return NormKernel.l2Normalize(y, SMALLEST_NORM);
    }
}
