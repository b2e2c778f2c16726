package org.jzoo.blocks.transformer;

import java.util.Objects;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.norm.NormOption;

/**
 * What one layer is made of.
 *
 * @param mixer what exchanges information between positions
 * @param feedForward what happens to each position
 * @param norm the norm, built twice
 * @param placement where the norms stand
 * @param dropout share of each branch's output that is zeroed while training, in [0, 1)
 */
public record LayerConfig(
        MixerOption mixer,
        FeedForwardOption feedForward,
        NormOption norm,
        NormPlacement placement,
        double dropout) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code dropout} is out of its range
     */
    public LayerConfig {
        Objects.requireNonNull(mixer, "mixer");
        Objects.requireNonNull(feedForward, "feedForward");
        Objects.requireNonNull(norm, "norm");
        Objects.requireNonNull(placement, "placement");
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got dropout=" + dropout);
        }
    }
}
