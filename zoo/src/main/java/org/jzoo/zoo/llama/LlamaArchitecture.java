package org.jzoo.zoo.llama;

import java.util.ArrayList;
import java.util.List;
import org.jzoo.zoo.huggingface.DecoderArchitecture;
import org.jzoo.zoo.huggingface.HuggingFaceDecoder;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/** What decoders built like Llama share. */
public interface LlamaArchitecture extends DecoderArchitecture {

    @Override
    default NameTable names(ModelConfig config) {
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
                .prefixed("model.", "lm_head.");
    }

    @Override
    default List<String> unused(Task task) {
        return List.of("*rotary_emb.inv_freq");
    }
}
