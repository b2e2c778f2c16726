package org.jzoo.zoo.task;

import ai.djl.nn.Block;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * The word behind each token: logits (B, T, V), with the token table as output map.
 *
 * @param activation of the map before it
 * @param normEpsilon of the norm before it, positive
 */
public record MaskedWordsTask(Activation activation, double normEpsilon) implements TextTask {

    @Override
    public Block createHead(TextEncoder encoder) {
        return new MaskedWordsHead(encoder, this);
    }
}
