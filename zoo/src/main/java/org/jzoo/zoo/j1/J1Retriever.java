package org.jzoo.zoo.j1;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.ConstantInitializer;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.NormKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * The two encoders of a J1, each with a map of its mean token to a common space.
 *
 * <p>Inputs, in this order: token ids {@code (M, T)} int64; types, which are ignored; which tokens
 * exist {@code (M, T)} boolean, optional, true means it is there; images {@code (N, C, Hi, Wi)}
 * float32 in [-1, 1]. Either kind may be missing. Outputs: as {@link RetrievalTask} says, or the
 * vectors alone of the kind that is there. Without training it records no gradients.
 */
public final class J1Retriever extends Part {

    private static final double SMALLEST_NORM = 1e-12;
    private static final float LOG_SCALE = (float) Math.log(1 / 0.07);

    private final Parameter logScale;

    /**
     * Builds the model, without weights.
     *
     * @throws IllegalArgumentException if the numbers lack an encoder
     */
    public J1Retriever(J1Config config, RetrievalTask task) {
        if (!config.hasBoth()) {
            throw new IllegalArgumentException(
                    "text and image must be there to retrieve, got text=%b, image=%b"
                            .formatted(config.text() != null, config.image() != null));
        }
        int merge = config.image().merge();
        int features = config.image().stack().dim() * merge * merge;
        child("text", new TextEncoder(config.text()));
        child("textVector", new Linear(config.text().dim(), task.dim(), false));
        child("image", new J1ImageEncoder(config.image()));
        child("imageVector", new Linear(features, task.dim(), false));
        logScale = declare("logScale", new ConstantInitializer(LOG_SCALE), 1);
        J1Model.widen(this);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        if (pass.training()) {
            return run(given(inputs), pass);
        }
        try (GradientMode off = GradientMode.off()) {
            return run(given(inputs), pass);
        }
    }

    // Tokenized texts come with types between ids and mask, which this model has no use for.
    private static J1Inputs given(NDList inputs) {
        NDArray ids = null;
        NDArray mask = null;
        NDArray images = null;
        for (NDArray array : inputs) {
            if (array.getDataType().isFloating()) {
                images = array;
            } else if (array.getDataType() == DataType.BOOLEAN) {
                mask = mask == null && images == null ? array : mask;
            } else if (ids == null) {
                ids = array;
            }
        }
        return new J1Inputs(ids, mask, images, null, null, false);
    }

    private NDList run(J1Inputs inputs, Pass pass) {
        if (inputs.ids() == null && inputs.images() == null) {
            throw new IllegalArgumentException("inputs must hold texts or images, got neither");
        }
        NDArray texts = inputs.ids() == null ? null : texts(inputs, pass); // (M, E)
        NDArray images = inputs.images() == null ? null : images(inputs, pass); // (N, E)
        if (texts == null || images == null) {
            return list(texts == null ? images : texts);
        }
        NDArray scale = pass.value(logScale, images); // (1)
        return new NDList(ImageKernel.match(images, texts, scale), images, texts);
    }

    private NDArray texts(J1Inputs inputs, Pass pass) {
        ForwardContext context = pass.context();
        NDArray before = context.mask();
        context.withMask(inputs.mask());
        String scope = context.enter("text.");
        NDArray hidden = pass.run(part("text"), inputs.ids()); // (M, T, D)
        context.enter(scope);
        context.withMask(before);
        return vectors("textVector", EmbeddingKernel.meanPool(hidden, inputs.mask()), pass);
    }

    private NDArray images(J1Inputs inputs, Pass pass) {
        NDArray hidden = pass.run(part("image"), inputs.images()); // (N, P, D)
        return vectors("imageVector", EmbeddingKernel.meanPool(hidden, null), pass);
    }

    private NDArray vectors(String map, NDArray x, Pass pass) {
        NDArray y = LinearKernel.cast(pass.run(part(map), x), Precision.FLOAT32);
        return NormKernel.l2Normalize(y, SMALLEST_NORM);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        throw new UnsupportedOperationException(
                "the shapes of the outputs depend on which inputs are there");
    }
}
