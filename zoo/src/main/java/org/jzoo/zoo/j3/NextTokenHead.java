package org.jzoo.zoo.j3;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;

/** The product with the token table: (B, T, D) to logits (B, T, V) of the token after each. */
final class NextTokenHead extends Part {

    private final TokenEmbedding tokens;
    private final int vocabularySize;

    NextTokenHead(TokenEmbedding tokens, int vocabularySize) {
        this.tokens = tokens;
        this.vocabularySize = vocabularySize;
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        NDArray table = pass.value(tokens.weight(), x); // (V, D)
        NDArray logits = LinearKernel.linear(x, table, null, pass.precision());
        return list(LinearKernel.cast(logits, Precision.FLOAT32));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape x = inputShapes[0];
        return new Shape[] {new Shape(x.get(0), x.get(1), vocabularySize)};
    }
}
