package org.jzoo.zoo.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * A map, a non-linearity, a norm, and the product with the token table: (B, T, D) to (B, T, V) in
 * float32. The table belongs to the encoder and is not saved twice.
 */
public final class MaskedWordsHead extends Part {

    private final MaskedWordsTask task;
    private final TokenEmbedding tokens;
    private final int vocabularySize;
    private final Parameter bias;

    MaskedWordsHead(TextEncoder encoder, MaskedWordsTask task) {
        this.task = task;
        tokens = encoder.tokens();
        vocabularySize = encoder.config().vocabularySize();
        int dim = encoder.config().dim();
        child("dense", new Linear(dim, dim, true));
        child("norm", new LayerNormOption(task.normEpsilon()).create(dim));
        bias = declare("bias", Initializer.ZEROS, vocabularySize);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDArray x = inputs.singletonOrThrow(); // (B, T, D)
        NDArray y = pass.run(part("norm"), task.activation().apply(pass.run(part("dense"), x)));
        NDArray logits =
                LinearKernel.linear(
                        y,
                        pass.value(tokens.weight(), y),
                        pass.value(bias, y),
                        pass.precision()); // (B, T, V)
        return list(LinearKernel.cast(logits, Precision.FLOAT32));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape x = inputShapes[0];
        return new Shape[] {new Shape(x.get(0), x.get(1), vocabularySize)};
    }
}
