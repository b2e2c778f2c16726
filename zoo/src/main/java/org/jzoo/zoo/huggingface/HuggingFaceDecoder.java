package org.jzoo.zoo.huggingface;

import java.util.List;
import org.jzoo.blocks.position.BandRotaryScaling;
import org.jzoo.blocks.position.LinearRotaryScaling;
import org.jzoo.blocks.position.NtkRotaryScaling;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.position.RotaryScaling;
import org.jzoo.blocks.position.YarnRotaryScaling;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/** Reads what the configurations of published decoders share. */
public final class HuggingFaceDecoder {

    private HuggingFaceDecoder() {}

    /**
     * The task of a decoder.
     *
     * @throws IllegalArgumentException if the folder was saved from a class with another head
     */
    public static CausalLanguageTask task(HuggingFaceConfig config) {
        for (String name : config.architectures()) {
            if (!name.endsWith("LMHeadModel") && !name.endsWith("ForCausalLM")) {
                throw new IllegalArgumentException(
                        "architectures must end in LMHeadModel or ForCausalLM for %s, got %s"
                                .formatted(config.modelType(), name));
            }
        }
        List<Long> ends = config.values("eos_token_id").stream().map(Long::valueOf).toList();
        return new CausalLanguageTask(ends);
    }

    /** The padding token; -1 if there is none in the vocabulary. */
    public static int padding(HuggingFaceConfig config, int vocabularySize) {
        int padding = config.integer("pad_token_id", -1);
        return padding >= 0 && padding < vocabularySize ? padding : -1;
    }

    /**
     * Rotary positions, from "rope_parameters" or from "rope_theta" and "rope_scaling".
     *
     * @param headSize features of a head
     * @param defaultBase the base if none is given
     * @param maxLength positions of the longest input
     * @throws IllegalArgumentException if a scheme is not supported; the message names it
     */
    public static RotaryPositionOption rotary(
            HuggingFaceConfig config, int headSize, double defaultBase, int maxLength) {
        double base = config.number("rope_theta", defaultBase);
        HuggingFaceConfig scheme = config.object("rope_parameters");
        scheme = scheme == null ? config.object("rope_scaling") : scheme;
        if (scheme == null) {
            return new RotaryPositionOption(base, headSize, false);
        }
        base = scheme.number("rope_theta", base);
        RotaryScaling scaling = scaling(scheme, maxLength);
        scheme.rejectUnread();
        return new RotaryPositionOption(base, headSize, false, scaling);
    }

    private static RotaryScaling scaling(HuggingFaceConfig scheme, int maxLength) {
        String older = scheme.string("type", "default");
        String type = scheme.string("rope_type", older);
        return switch (type) {
            case "default" -> null;
            case "linear" -> new LinearRotaryScaling(scheme.number("factor"));
            // The published scheme begins to scale beyond the longest input.
            case "dynamic" ->
                    new NtkRotaryScaling(
                            scheme.number("factor"),
                            scheme.integer("original_max_position_embeddings", maxLength),
                            maxLength);
            case "yarn" -> yarn(scheme, maxLength);
            case "llama3" ->
                    new BandRotaryScaling(
                            scheme.number("factor"),
                            scheme.integer("original_max_position_embeddings", maxLength),
                            scheme.number("low_freq_factor"),
                            scheme.number("high_freq_factor"));
            default ->
                    throw new IllegalArgumentException(
                            "rope_type must be default, linear, dynamic, yarn or llama3, got "
                                    + type);
        };
    }

    private static RotaryScaling yarn(HuggingFaceConfig scheme, int maxLength) {
        int trained = scheme.integer("original_max_position_embeddings", maxLength);
        double factor = scheme.number("factor", (double) maxLength / trained);
        return new YarnRotaryScaling(
                factor,
                trained,
                scheme.number("beta_fast", 32),
                scheme.number("beta_slow", 1),
                scheme.flag("truncate", true),
                attentionFactor(scheme, factor));
    }

    private static Double attentionFactor(HuggingFaceConfig scheme, double factor) {
        double given = scheme.number("attention_factor", 0);
        double over = scheme.number("mscale", 0);
        double under = scheme.number("mscale_all_dim", 0);
        if (given == 0 && over > 0 && under > 0) {
            return (0.1 * over * Math.log(factor) + 1) / (0.1 * under * Math.log(factor) + 1);
        }
        return given == 0 ? null : given;
    }

    /**
     * The names of a decoder with those of its output map: tied to the token table or apart.
     *
     * @param table the other names
     * @param config of the decoder
     * @param tokens the published name of the token table
     */
    public static NameTable withOutput(NameTable table, ModelConfig config, String tokens) {
        return ((DecoderConfig) config.model()).tiedOutput()
                ? table.tied("lm_head.weight", tokens)
                : table.and(NameRule.same("lm_head.weight", "decoder.output.weight"));
    }
}
