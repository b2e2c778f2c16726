package org.jzoo.blocks.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/**
 * An affine map of each square patch of an image, which is a convolution whose stride is its size.
 *
 * <p>Shapes: input {@code (B, C, Hi, Wi)}, output {@code (B, N, D)} in float32 with the patches row
 * by row, N = Hi/P · Wi/P; projection weight {@code (D, C·P·P)}, the convolution's flattened.
 *
 * @see <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al. 2021, ViT</a>, equation 1
 */
public final class PatchEmbedding extends Part {

    private final PatchOption option;
    private final int dim;

    /**
     * Creates a map.
     *
     * @param option how images are cut
     * @param dim features (D), at least 1
     */
    public PatchEmbedding(PatchOption option, int dim) {
        this.option = option;
        this.dim = dim;
        int in = option.channels() * option.size() * option.size();
        child("projection", new Linear(in, dim, option.bias()));
    }

    /**
     * How the patches of images lie.
     *
     * @param images (B, C, Hi, Wi)
     * @throws IllegalArgumentException if the images have other channels, or sides that patches do
     *     not divide
     */
    public Grid grid(Shape images) {
        return option.grid(images);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray images = inputs.singletonOrThrow(); // (B, C, Hi, Wi)
        grid(images.getShape());
        NDArray patches = ImageKernel.patches(images, option.size()); // (B, N, C*P*P)
        NDArray x = pass.run(part("projection"), patches); // (B, N, D)
        return list(LinearKernel.cast(x, Precision.FLOAT32));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {new Shape(inputShapes[0].get(0), grid(inputShapes[0]).size(), dim)};
    }
}
