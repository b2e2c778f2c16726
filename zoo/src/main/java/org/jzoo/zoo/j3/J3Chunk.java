package org.jzoo.zoo.j3;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * Reads one chunk: token ids (B, C) to hidden states (B, C, D). Embeddings are multiplied by √D;
 * the question, if there is one, is embedded likewise and put before the chunk.
 *
 * @see J3Question
 */
final class J3Chunk extends Part {

    private final J3Config config;
    private final TextEncoder encoder;

    J3Chunk(J3Config config, TextEncoder encoder) {
        this.config = config;
        this.encoder = child("encoder", encoder);
    }

    @Override
    protected NDList forward(NDList inputs, Pass pass) {
        NDList parts = new NDList(embed(inputs.head(), pass));
        J3Question question = J3Question.of(pass.context());
        if (question != null && config.body().globals()) {
            J3Question asked = question.beside(inputs.head());
            parts.add(embed(asked.ids(), pass)); // (B, Q, D)
            if (asked.mask() != null) {
                parts.add(asked.mask());
            }
        }
        return pass.run(encoder.part("transformer"), parts); // (B, C, D)
    }

    private NDArray embed(NDArray ids, Pass pass) {
        NDArray x = LossKernel.scale(pass.run(encoder.tokens(), ids), Math.sqrt(config.dim()));
        return pass.dropout(x, config.dropout());
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[0].add(config.dim())};
    }
}
