package org.jzoo.zoo.gpt2;

import java.util.ArrayList;
import java.util.List;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.huggingface.DecoderArchitecture;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.huggingface.HuggingFaceDecoder;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/**
 * GPT-2: learned positions, layer norms before each branch, GELU, the token table as output map.
 *
 * @see <a
 *     href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">Radford
 *     et al. 2019</a>
 */
public final class Gpt2 implements DecoderArchitecture {

    /** Stateless: one is as good as another. */
    public Gpt2() {}

    @Override
    public String name() {
        return "gpt2";
    }

    @Override
    public DecoderConfig readConfig(HuggingFaceConfig config) {
        int vocabularySize = config.integer("vocab_size", 50_257);
        int maxLength = config.integer("n_positions", 1024);
        int dim = config.integer("n_embd", 768);
        LayerNormOption norm = new LayerNormOption(config.number("layer_norm_epsilon", 1e-5));
        config.expect("add_cross_attention", false);
        config.expect("is_decoder", true);
        // The first names the length as well, the second asks for float32 scores, as here always.
        config.ignore("n_ctx", "reorder_and_upcast_attn", "task_specific_params");
        config.ignore("summary_type", "summary_use_proj", "summary_activation");
        config.ignore("summary_proj_to_labels", "summary_first_dropout");
        DecoderConfig decoder =
                DecoderConfig.builder()
                        .setVocabularySize(vocabularySize)
                        .setMaxLength(maxLength)
                        .setStack(new TransformerConfig(dim, layers(config, dim, norm), norm, null))
                        .optPadding(HuggingFaceDecoder.padding(config, vocabularySize), true)
                        .optPosition(new LearnedPositionOption(maxLength))
                        .optDropout(config.number("embd_pdrop", 0.1))
                        .optTiedOutput(config.flag("tie_word_embeddings", true))
                        .build();
        config.rejectUnread();
        return decoder;
    }

    private static List<LayerConfig> layers(
            HuggingFaceConfig config, int dim, LayerNormOption norm) {
        int numLayers = config.integer("n_layer", 12);
        int numHeads = config.integer("n_head", 12);
        boolean scaled = config.flag("scale_attn_weights", true);
        boolean byLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
        double attentionDropout = config.number("attn_pdrop", 0.1);
        double dropout = config.number("resid_pdrop", 0.1);
        DenseFeedForwardOption feedForward =
                new DenseFeedForwardOption(
                        config.integer("n_inner", 4 * dim),
                        config.activation("activation_function", Activation.GELU_TANH),
                        true,
                        0);
        List<LayerConfig> layers = new ArrayList<>();
        for (int l = 0; l < numLayers; l++) {
            double scale =
                    (scaled ? Math.sqrt((double) numHeads / dim) : 1) / (byLayer ? l + 1 : 1);
            SelfAttentionOption attention =
                    SelfAttentionOption.builder()
                            .setHeads(numHeads, dim)
                            .optCausal(true)
                            .optDropout(attentionDropout)
                            .optScale(scaled && !byLayer ? null : (Double) scale)
                            .build();
            layers.add(new LayerConfig(attention, feedForward, norm, NormPlacement.PRE, dropout));
        }
        return layers;
    }

    @Override
    public NameTable names(ModelConfig config) {
        String layer = "h.{layer}.";
        String ours = "decoder.transformer.layers.{layer}.";
        NameTable table =
                NameTable.of(
                        NameRule.same("wte.weight", "decoder.tokens.weight"),
                        NameRule.same("wpe.weight", "decoder.positions.weight"),
                        NameRule.same(layer + "ln_1.weight", ours + "mixerNorm.weight"),
                        NameRule.same(layer + "ln_1.bias", ours + "mixerNorm.bias"),
                        attention(layer, ours, "weight"),
                        attention(layer, ours, "bias"),
                        NameRule.same(layer + "attn.c_proj.weight", ours + "mixer.output.weight")
                                .transposed(),
                        NameRule.same(layer + "attn.c_proj.bias", ours + "mixer.output.bias"),
                        NameRule.same(layer + "ln_2.weight", ours + "feedForwardNorm.weight"),
                        NameRule.same(layer + "ln_2.bias", ours + "feedForwardNorm.bias"),
                        NameRule.same(layer + "mlp.c_fc.weight", ours + "feedForward.up.weight")
                                .transposed(),
                        NameRule.same(layer + "mlp.c_fc.bias", ours + "feedForward.up.bias"),
                        NameRule.same(layer + "mlp.c_proj.weight", ours + "feedForward.down.weight")
                                .transposed(),
                        NameRule.same(layer + "mlp.c_proj.bias", ours + "feedForward.down.bias"),
                        NameRule.same("ln_f.weight", "decoder.transformer.finalNorm.weight"),
                        NameRule.same("ln_f.bias", "decoder.transformer.finalNorm.bias"));
        return HuggingFaceDecoder.withOutput(table, config, "wte.weight")
                .prefixed("transformer.", "lm_head.");
    }

    private static NameRule attention(String layer, String ours, String kind) {
        return NameRule.split(
                        layer + "attn.c_attn." + kind,
                        ours + "mixer.query." + kind,
                        ours + "mixer.key." + kind,
                        ours + "mixer.value." + kind)
                .transposed();
    }

    @Override
    public List<String> unused(Task task) {
        return List.of("*.attn.bias", "*.attn.masked_bias");
    }
}
