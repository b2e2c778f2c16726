package org.jzoo.zoo.llama;

import java.util.ArrayList;
import java.util.List;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.huggingface.HuggingFaceDecoder;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/**
 * Llama, in all its generations of text models: grouped queries, rotary positions with or without
 * scaling, RMS norms, SwiGLU.
 *
 * @see <a href="https://arxiv.org/abs/2302.13971">Touvron et al. 2023, LLaMA</a>
 */
public final class Llama implements Architecture {

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
        return decoderNames(config);
    }

    /** The names of the weights, which decoders built like Llama share. */
    public static NameTable decoderNames(ModelConfig config) {
        String theirs = "layers.{layer}.";
        String ours = "decoder.transformer.layers.{layer}.";
        List<NameRule> rules = new ArrayList<>();
        rules.add(NameRule.same("embed_tokens.weight", "decoder.tokens.weight"));
        rules.add(NameRule.same("norm.weight", "decoder.transformer.finalNorm.weight"));
        for (String kind : List.of("weight", "bias")) {
            rules.add(
                    NameRule.same(
                            theirs + "self_attn.q_proj." + kind, ours + "mixer.query." + kind));
            rules.add(
                    NameRule.same(theirs + "self_attn.k_proj." + kind, ours + "mixer.key." + kind));
            rules.add(
                    NameRule.same(
                            theirs + "self_attn.v_proj." + kind, ours + "mixer.value." + kind));
            rules.add(
                    NameRule.same(
                            theirs + "self_attn.o_proj." + kind, ours + "mixer.output." + kind));
            rules.add(
                    NameRule.same(
                            theirs + "mlp.gate_proj." + kind, ours + "feedForward.gate." + kind));
            rules.add(
                    NameRule.same(theirs + "mlp.up_proj." + kind, ours + "feedForward.up." + kind));
            rules.add(
                    NameRule.same(
                            theirs + "mlp.down_proj." + kind, ours + "feedForward.down." + kind));
        }
        rules.add(NameRule.same(theirs + "input_layernorm.weight", ours + "mixerNorm.weight"));
        rules.add(
                NameRule.same(
                        theirs + "post_attention_layernorm.weight",
                        ours + "feedForwardNorm.weight"));
        NameTable table = NameTable.of(rules.toArray(new NameRule[0]));
        return HuggingFaceDecoder.withOutput(table, config, "embed_tokens.weight")
                .prefixed("model.");
    }

    @Override
    public List<String> unused(Task task) {
        return List.of("*rotary_emb.inv_freq");
    }
}
