package org.jzoo.examples.retrieval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.ConstantInitializer;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.kernel.NormKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * What J1 is compared with: the mean of learned vectors of the words, and a learned map of how
 * often each colour occurs, as one picture and in parts of it. It knows neither the order of words
 * nor shapes.
 *
 * <p>Inputs and outputs: those of a J1 for retrieval, without types. Colours are counted in 4 × 4 ×
 * 4 bins; square roots of shares are mapped.
 */
final class BagRetriever extends Part {

    private static final int BINS = 4;
    private static final double SMALLEST_NORM = 1e-12;
    private static final float LOG_SCALE = (float) Math.log(1 / 0.07);

    private final int cells;
    private final Parameter logScale;

    /**
     * Builds the model, without weights.
     *
     * @param cells parts in a row and in a column; with more than one, the whole counts too
     */
    BagRetriever(int vocabulary, int padding, int cells, int dim) {
        this.cells = cells;
        int parts = cells == 1 ? 1 : 1 + cells * cells;
        child("words", new TokenEmbedding(vocabulary, dim, padding));
        child("colours", new Linear(parts * BINS * BINS * BINS, dim, true));
        logScale = declare("logScale", new ConstantInitializer(LOG_SCALE), 1);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray first = inputs.get(0);
        NDArray last = inputs.get(inputs.size() - 1);
        boolean hasTexts = first.getDataType() == DataType.INT64;
        boolean hasImages = last.getDataType().isFloating();
        NDArray texts = hasTexts ? texts(first, inputs.get(1), pass) : null; // (M, E)
        NDArray images = hasImages ? images(last, pass) : null; // (N, E)
        if (texts == null || images == null) {
            return list(texts == null ? images : texts);
        }
        NDArray scale = pass.value(logScale, images);
        return new NDList(ImageKernel.match(images, texts, scale), images, texts);
    }

    private NDArray texts(NDArray ids, NDArray mask, Pass pass) {
        NDArray words = pass.run(part("words"), ids); // (M, T, E)
        return NormKernel.l2Normalize(EmbeddingKernel.meanPool(words, mask), SMALLEST_NORM);
    }

    private NDArray images(NDArray images, Pass pass) {
        NDArray counts = ImageKernel.colours(images, BINS, cells); // (N, parts · 64)
        return NormKernel.l2Normalize(pass.run(part("colours"), counts), SMALLEST_NORM);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        throw new UnsupportedOperationException(
                "the shapes of the outputs depend on which inputs are there");
    }
}
