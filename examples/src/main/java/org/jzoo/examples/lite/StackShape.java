package org.jzoo.examples.lite;

import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.zoo.encoder.EncoderConfig;

/** Heads and channels of an encoder of equal layers. */
final class StackShape {

    private StackShape() {}

    static int heads(EncoderConfig encoder) {
        LayerConfig layer = encoder.stack().layers().get(0);
        return ((SelfAttentionOption) layer.mixer()).numHeads();
    }

    static int channels(EncoderConfig encoder) {
        LayerConfig layer = encoder.stack().layers().get(0);
        return ((DenseFeedForwardOption) layer.feedForward()).width();
    }
}
