package org.jzoo.examples.character;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.position.EmbeddingPosition;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

/**
 * A language model: embeddings times √D, a stack, and the embeddings again as output map.
 *
 * <p>Shapes: input {@code (B, T)} int64 in [0, V), output {@code (B, T, V)}: logits of the next
 * symbol if the stack is causal.
 */
public final class CharacterModel extends Part {

    private final int size;
    private final double scale;
    private final TokenEmbedding embedding;

    /**
     * Creates a model.
     *
     * @param size symbols (V), at least 1
     * @param position what is added to embeddings, or null for nothing
     * @param stack the layers
     */
    public CharacterModel(int size, EmbeddingPosition position, TransformerConfig stack) {
        this(size, stack.dim(), position, new Transformer(stack));
    }

    /**
     * Creates a model with another body.
     *
     * @param size symbols (V), at least 1
     * @param dim width (D) of the body
     * @param position what is added to embeddings, or null for nothing
     * @param body (B, T, D) to (B, T, D)
     */
    public CharacterModel(int size, int dim, EmbeddingPosition position, Block body) {
        this.size = size;
        scale = Math.sqrt(dim);
        embedding = child("embedding", new TokenEmbedding(size, dim, TokenEmbedding.NO_PADDING));
        if (position != null) {
            child("position", position.create(dim));
        }
        child("stack", body);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray ids = inputs.singletonOrThrow(); // (B, T)
        NDArray x = LossKernel.scale(pass.run(embedding, ids), scale); // (B, T, D)
        if (parts().containsKey("position")) {
            x = pass.run(part("position"), x);
        }
        NDArray y = pass.run(part("stack"), x); // (B, T, D)
        NDArray table = pass.value(embedding.weight(), y); // (V, D)
        return list(LinearKernel.linear(y, table, null, pass.precision())); // (B, T, V)
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0].add(size)};
    }
}
