package org.jzoo.zoo.task;

import java.util.Objects;
import org.jzoo.blocks.feedforward.Activation;

/**
 * The shape of a head that reads one vector a text.
 *
 * @param pooling how the tokens become one vector
 * @param dense the non-linearity after a D × D map before the output; null for no such map
 * @param dropout share of the vector that is zeroed before the output while training, in [0, 1)
 */
public record HeadOption(Pooling pooling, Activation dense, double dropout) {

    /** BERT's: the first token through a tanh map (the pretrained pooler where there is one). */
    public static final HeadOption BERT = new HeadOption(Pooling.FIRST, Activation.TANH, 0.1);

    /** For sentence encoders: the mean of the tokens, no map. */
    public static final HeadOption MEAN = new HeadOption(Pooling.MEAN, null, 0.1);

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code dropout} is out of its range
     */
    public HeadOption {
        Objects.requireNonNull(pooling, "pooling");
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
    }
}
