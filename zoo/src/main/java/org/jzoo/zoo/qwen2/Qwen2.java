package org.jzoo.zoo.qwen2;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.llama.LlamaArchitecture;
import org.jzoo.zoo.llama.LlamaReading;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.weights.NameTable;

/**
 * Qwen2: Llama with biases of queries, keys and values, and windows in its upper layers if asked.
 *
 * @see <a href="https://arxiv.org/abs/2407.10671">Yang et al. 2024, Qwen2</a>
 */
public final class Qwen2 implements LlamaArchitecture {

    private static final String FULL = "full_attention";
    private static final String WINDOW = "sliding_attention";

    /** Stateless: one is as good as another. */
    public Qwen2() {}

    @Override
    public String name() {
        return "qwen2";
    }

    @Override
    public DecoderConfig readConfig(HuggingFaceConfig config) {
        return new LlamaReading(config).withBias(true, false).withWindows(windows(config)).read();
    }

    private static IntUnaryOperator windows(HuggingFaceConfig config) {
        int window = config.integer("sliding_window", 0);
        int from = config.integer("max_window_layers", 28);
        List<String> types = config.values("layer_types");
        for (String type : types) {
            if (!type.equals(FULL) && !type.equals(WINDOW)) {
                throw new IllegalArgumentException(
                        "layer_types must be %s or %s, got %s".formatted(FULL, WINDOW, types));
            }
        }
        if (!config.flag("use_sliding_window", false)) {
            return layer -> 0;
        }
        return layer ->
                (types.isEmpty() ? layer >= from : types.get(layer).equals(WINDOW)) ? window : 0;
    }

    @Override
    public NameTable names(ModelConfig config) {
        return LlamaArchitecture.super.names(config);
    }
}
