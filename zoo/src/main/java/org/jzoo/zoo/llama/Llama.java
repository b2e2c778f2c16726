package org.jzoo.zoo.llama;

import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;

/**
 * Llama, in all its generations of text models: grouped queries, rotary positions with or without
 * scaling, RMS norms, SwiGLU.
 *
 * @see <a href="https://arxiv.org/abs/2302.13971">Touvron et al. 2023, LLaMA</a>
 */
public final class Llama implements LlamaArchitecture {

    /** Stateless: one is as good as another. */
    public Llama() {}

    @Override
    public String name() {
        return "llama";
    }

    @Override
    public DecoderConfig readConfig(HuggingFaceConfig config) {
        boolean bias = config.flag("attention_bias", false);
        return new LlamaReading(config)
                .withBias(bias, bias)
                .withFeedForwardBias(config.flag("mlp_bias", false))
                .read();
    }
}
