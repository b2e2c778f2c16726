package org.jzoo.zoo.bloom;

import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.position.AlibiPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.huggingface.DecoderArchitecture;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.huggingface.HuggingFaceDecoder;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/**
 * BLOOM: ALiBi, a norm after the embeddings, the token table as output map.
 *
 * @see <a href="https://arxiv.org/abs/2211.05100">BigScience 2022, BLOOM</a>
 */
public final class Bloom implements DecoderArchitecture {

    private static final int TRAINED_LENGTH = 2048;

    /** Stateless: one is as good as another. */
    public Bloom() {}

    @Override
    public String name() {
        return "bloom";
    }

    @Override
    public DecoderConfig readConfig(HuggingFaceConfig config) {
        int vocabularySize = config.integer("vocab_size");
        int dim = config.integer("hidden_size", config.integer("n_embed", 64));
        int numLayers = config.integer("n_layer", config.integer("num_hidden_layers", 2));
        int numHeads = config.integer("n_head", config.integer("num_attention_heads", 8));
        LayerNormOption norm = new LayerNormOption(config.number("layer_norm_epsilon", 1e-5));
        config.expect("apply_residual_connection_post_layernorm", false);
        config.expect("n_inner", 4 * dim);
        config.expect("offset_alibi", 100);
        // How the sums are computed, not what they are.
        config.ignore("pretraining_tp", "slow_but_exact", "attention_softmax_in_fp32");
        config.ignore("masked_softmax_fusion", "bias_dropout_fusion", "skip_bias_add");
        config.ignore("skip_bias_add_qkv", "unk_token_id");
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(numHeads, dim)
                                .optCausal(true)
                                .optDropout(config.number("attention_dropout", 0))
                                .build(),
                        new DenseFeedForwardOption(4 * dim, Activation.GELU_TANH, true, 0),
                        norm,
                        NormPlacement.PRE,
                        config.number("hidden_dropout", 0));
        DecoderConfig decoder =
                DecoderConfig.builder()
                        .setVocabularySize(vocabularySize)
                        .setMaxLength(config.integer("seq_length", TRAINED_LENGTH))
                        .setStack(
                                TransformerConfig.uniform(dim, numLayers, layer, norm)
                                        .withScorePosition(new AlibiPositionOption(numHeads)))
                        .optPadding(HuggingFaceDecoder.padding(config, vocabularySize), true)
                        .optEmbeddingNorm(norm)
                        .optTiedOutput(config.flag("tie_word_embeddings", true))
                        .build();
        config.rejectUnread();
        return decoder;
    }

    @Override
    public NameTable names(ModelConfig config) {
        DecoderConfig decoder = (DecoderConfig) config.model();
        SelfAttentionOption attention =
                (SelfAttentionOption) decoder.stack().layers().get(0).mixer();
        String layer = "h.{layer}.";
        String ours = "decoder.transformer.layers.{layer}.";
        NameTable table =
                NameTable.of(
                        NameRule.same("word_embeddings.weight", "decoder.tokens.weight"),
                        queryKeyValue(layer, ours, "weight", attention.numHeads()),
                        queryKeyValue(layer, ours, "bias", attention.numHeads()));
        table = both(table, "word_embeddings_layernorm.", "decoder.embeddingNorm.");
        table = both(table, layer + "input_layernorm.", ours + "mixerNorm.");
        table = both(table, layer + "self_attention.dense.", ours + "mixer.output.");
        table = both(table, layer + "post_attention_layernorm.", ours + "feedForwardNorm.");
        table = both(table, layer + "mlp.dense_h_to_4h.", ours + "feedForward.up.");
        table = both(table, layer + "mlp.dense_4h_to_h.", ours + "feedForward.down.");
        table = both(table, "ln_f.", "decoder.transformer.finalNorm.");
        return HuggingFaceDecoder.withOutput(table, config, "word_embeddings.weight")
                .prefixed("transformer.", "lm_head.");
    }

    // Each head has its queries, its keys and its values in a row.
    private static NameRule queryKeyValue(String layer, String ours, String kind, int numHeads) {
        return NameRule.split(
                        layer + "self_attention.query_key_value." + kind,
                        ours + "mixer.query." + kind,
                        ours + "mixer.key." + kind,
                        ours + "mixer.value." + kind)
                .interleaved(numHeads);
    }

    private static NameTable both(NameTable table, String theirs, String ours) {
        return table.and(
                NameRule.same(theirs + "weight", ours + "weight"),
                NameRule.same(theirs + "bias", ours + "bias"));
    }
}
