package org.jzoo.zoo.mistral;

import java.util.List;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.huggingface.HuggingFaceDecoder;
import org.jzoo.zoo.llama.Llama;
import org.jzoo.zoo.llama.LlamaReading;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameTable;

/**
 * Mistral: Llama with attention that sees a window.
 *
 * @see <a href="https://arxiv.org/abs/2310.06825">Jiang et al. 2023, Mistral 7B</a>
 */
public final class Mistral implements Architecture {

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
    public Task readTask(HuggingFaceConfig config) {
        return HuggingFaceDecoder.task(config);
    }

    @Override
    public HeadOption head() {
        return HeadOption.MEAN;
    }

    @Override
    public NameTable names(ModelConfig config) {
        return Llama.decoderNames(config);
    }

    @Override
    public List<String> unused(Task task) {
        return List.of("*rotary_emb.inv_freq");
    }
}
