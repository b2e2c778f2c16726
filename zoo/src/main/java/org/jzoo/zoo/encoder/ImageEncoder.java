package org.jzoo.zoo.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.NormalInitializer;
import org.jzoo.blocks.embedding.PatchEmbedding;
import org.jzoo.blocks.kernel.Grid;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.Transformer;

/**
 * Patches behind a class token, positions, and the Transformer.
 *
 * <p>Shapes: input images {@code (B, C, Hi, Wi)}, output hidden states {@code (B, 1 + N, D)}, or
 * {@code (B, N, D)} without a class token. Patches must divide the sides; images of another size
 * than the usual get interpolated positions. Leaves the grid and the patches' rows and columns in
 * the context, where positions look for them.
 *
 * @see <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al. 2021, ViT</a>
 */
public final class ImageEncoder extends Part {

    private final ImageEncoderConfig config;
    private final PatchEmbedding patches;
    private final Parameter classToken;

    /** Builds the encoder. */
    public ImageEncoder(ImageEncoderConfig config) {
        this.config = config;
        int dim = config.dim();
        patches = child("patches", new PatchEmbedding(config.patches(), dim));
        classToken =
                config.classToken()
                        ? declare("classToken", new NormalInitializer(0.02f), dim)
                        : null;
        if (config.position() != null) {
            child("positions", config.position().create(dim));
        }
        if (config.embeddingNorm() != null) {
            child("embeddingNorm", config.embeddingNorm().create(dim));
        }
        child("transformer", new Transformer(config.stack()));
    }

    /** What this encoder was built from. */
    public ImageEncoderConfig config() {
        return config;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray images = inputs.singletonOrThrow(); // (B, C, Hi, Wi)
        Grid grid = patches.grid(images.getShape());
        NDArray x = pass.run(patches, images); // (B, N, D)
        if (classToken != null) {
            x = ImageKernel.prepend(x, pass.value(classToken, x)); // (B, 1 + N, D)
        }
        ForwardContext context = pass.context();
        context.withGrid(grid).withPositions(ImageKernel.positions(x, grid));
        if (config.position() != null) {
            x = pass.run(part("positions"), x);
        }
        if (config.embeddingNorm() != null) {
            x = pass.run(part("embeddingNorm"), x);
        }
        return list(pass.run(part("transformer"), pass.dropout(x, config.dropout())));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape x = patches.getOutputShapes(inputShapes)[0];
        long length = x.get(1) + (classToken == null ? 0 : 1);
        return new Shape[] {new Shape(x.get(0), length, config.dim())};
    }
}
