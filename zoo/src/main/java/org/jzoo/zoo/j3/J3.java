package org.jzoo.zoo.j3;

import java.util.List;
import java.util.Locale;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameTable;

/**
 * J3, this zoo's own model of long texts. A "published" configuration names a {@link J3Size} and
 * what differs from it; weights have our names.
 */
public final class J3 implements Architecture {

    /** Stateless: one is as good as another. */
    public J3() {}

    @Override
    public String name() {
        return "j3";
    }

    @Override
    public J3Config readConfig(HuggingFaceConfig config) {
        J3Size size = J3Size.named(config.string("size", "tiny"));
        J3Size fitted =
                size.withLayers(config.integer("num_hidden_layers", size.numLayers()))
                        .withFeedForward(config.integer("intermediate_size", size.feedForward()))
                        .withChunks(
                                config.integer("chunk_length", size.chunkLength()),
                                config.integer("block_length", size.blockLength()),
                                config.integer("gradient_chunks", size.gradientChunks()));
        J3Parts parts =
                J3Parts.of(fitted)
                        .optWindow(config.integer("attention_window", 64))
                        .optPosition(position(config.string("position", "rotary")))
                        .optMemoryTokens(config.integer("num_memory_tokens", 16))
                        .optGlobals(config.flag("global_question", true))
                        .optForgets(config.flag("forget_gates", true))
                        .optRetrieved(config.integer("num_retrieved_blocks", 4))
                        .optExperts(config.integer("num_experts", 0))
                        .optDropout(config.number("dropout", 0))
                        .build();
        boolean causal = config.flag("is_decoder", false);
        int vocabulary = config.integer("vocab_size");
        int padding = config.integer("pad_token_id", 0);
        config.rejectUnread();
        return causal ? parts.decoder(vocabulary, padding) : parts.encoder(vocabulary, padding);
    }

    private static J3Parts.Position position(String name) {
        for (J3Parts.Position position : J3Parts.Position.values()) {
            if (position.name().toLowerCase(Locale.ROOT).equals(name)) {
                return position;
            }
        }
        throw new IllegalArgumentException(
                "position must be rotary, alibi or none, got position=" + name);
    }

    @Override
    public Task readTask(HuggingFaceConfig config) {
        return config.flag("is_decoder", false)
                ? new CausalLanguageTask(List.of())
                : new EmbeddingTask(Pooling.MEAN, true);
    }

    @Override
    public NameTable names(ModelConfig config) {
        return NameTable.of();
    }

    @Override
    public List<String> unused(Task task) {
        return List.of();
    }

    @Override
    public HeadOption head() {
        return HeadOption.MEAN;
    }
}
