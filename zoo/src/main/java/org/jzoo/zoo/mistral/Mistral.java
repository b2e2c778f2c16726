package org.jzoo.zoo.mistral;

import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.llama.LlamaArchitecture;
import org.jzoo.zoo.llama.LlamaReading;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.weights.NameTable;

/**
 * Mistral: Llama with attention that sees a window.
 *
 * @see <a href="https://arxiv.org/abs/2310.06825">Jiang et al. 2023, Mistral 7B</a>
 */
public final class Mistral implements LlamaArchitecture {

    /** Stateless: one is as good as another. */
    public Mistral() {}

    @Override
    public String name() {
        return "mistral";
    }

    @Override
    public DecoderConfig readConfig(HuggingFaceConfig config) {
        int window = config.integer("sliding_window", 0);
        return new LlamaReading(config).withWindows(layer -> window).read();
    }

    @Override
    public NameTable names(ModelConfig config) {
        return LlamaArchitecture.super.names(config);
    }
}
