package org.jzoo.zoo.switchtransformers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.feedforward.experts.ExpertCapacity;
import org.jzoo.blocks.feedforward.experts.ExpertsOption;
import org.jzoo.blocks.feedforward.experts.RouterLoss;
import org.jzoo.blocks.feedforward.experts.TopKRouterOption;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.position.RelativePositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.huggingface.HuggingFaceTask;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/**
 * The encoder of Switch Transformers: T5's, with relative positions, RMS norms and unscaled scores,
 * and experts of which each token takes one in some of its layers. A capacity limits experts only
 * in models saved before version 5 of the published code, which drops no token.
 *
 * @see <a href="https://arxiv.org/abs/2101.03961">Fedus et al. 2021, Switch Transformers</a>
 */
public final class SwitchTransformers implements Architecture {

    private static final int TRAINED_LENGTH = 512;

    /** Stateless: one is as good as another. */
    public SwitchTransformers() {}

    @Override
    public String name() {
        return "switch_transformers";
    }

    @Override
    public EncoderConfig readConfig(HuggingFaceConfig config) {
        int dim = config.integer("d_model");
        int numHeads = config.integer("num_heads");
        double dropout = config.number("dropout_rate", 0.1);
        RmsNormOption norm = new RmsNormOption(config.number("layer_norm_epsilon", 1e-6));
        config.expect("router_bias", false);
        config.expect("router_dtype", "float32");
        config.expect("add_router_probs", false);
        config.expect("is_decoder", false);
        config.expect("add_cross_attention", false);
        config.expect("is_gated_act", false);
        // The decoder's, and whether the whole has one.
        config.ignore("is_encoder_decoder", "num_decoder_layers", "num_sparse_decoder_layers");
        config.ignore("decoder_sparse_step", "decoder_start_token_id", "tie_word_embeddings");
        config.ignore("encoder_sparse_step", "initializer_factor", "feed_forward_proj");
        TransformerConfig stack =
                new TransformerConfig(dim, layers(config, numHeads, norm, dropout), norm, null)
                        .withScorePosition(
                                new RelativePositionOption(
                                        numHeads,
                                        config.integer("relative_attention_num_buckets", 32),
                                        config.integer("relative_attention_max_distance", 128),
                                        true));
        EncoderConfig encoder =
                new EncoderConfig(
                        config.integer("vocab_size"),
                        config.integer("n_positions", TRAINED_LENGTH),
                        0,
                        TokenEmbedding.NO_PADDING, // its row learns like any other
                        false,
                        null,
                        null,
                        dropout,
                        stack,
                        null);
        config.ignore("pad_token_id");
        config.rejectUnread();
        return encoder;
    }

    private static List<LayerConfig> layers(
            HuggingFaceConfig config, int numHeads, RmsNormOption norm, double dropout) {
        SelfAttentionOption attention =
                SelfAttentionOption.builder()
                        .setHeads(numHeads, numHeads * config.integer("d_kv"))
                        .optBias(false, false)
                        .optDropout(dropout)
                        .optScale(1.0)
                        .build();
        DenseFeedForwardOption dense =
                new DenseFeedForwardOption(
                        config.integer("d_ff"),
                        config.activation("dense_act_fn", Activation.RELU),
                        false,
                        dropout);
        ExpertsOption experts = experts(config, dense);
        int numLayers = config.integer("num_layers");
        int sparse = config.integer("num_sparse_encoder_layers", 3);
        int step = sparse > 0 ? numLayers / sparse : numLayers;
        List<LayerConfig> layers = new ArrayList<>();
        for (int l = 0; l < numLayers; l++) {
            boolean mixed = step == 1 || (step > 1 && l % step == 1);
            FeedForwardOption inner = mixed ? experts : dense;
            layers.add(new LayerConfig(attention, inner, norm, NormPlacement.PRE, dropout));
        }
        return layers;
    }

    private static ExpertsOption experts(HuggingFaceConfig config, DenseFeedForwardOption expert) {
        return ExpertsOption.builder()
                .setNumExperts(config.integer("num_experts", 8))
                .setExpert(expert)
                .setRouter(
                        TopKRouterOption.switchTransformer(
                                config.number("router_jitter_noise", 0.01), capacity(config)))
                .optNumGroups(0) // capacity counts within a sequence
                .optIgnorePadding(config.flag("router_ignore_padding_tokens", false))
                .optLoss(
                        new RouterLoss(
                                config.number("router_aux_loss_coef", 0.001),
                                config.number("router_z_loss_coef", 0.001),
                                RouterLoss.Scope.STACK))
                .build();
    }

    // From version 5 on the published code counts along an axis of one token: nothing overflows.
    private static ExpertCapacity capacity(HuggingFaceConfig config) {
        int tokens = config.integer("expert_capacity", 64);
        String version = config.string("transformers_version", "4");
        boolean dropsNothing = Integer.parseInt(version.split("\\.", 2)[0]) >= 5;
        return dropsNothing ? null : ExpertCapacity.ofTokens(tokens);
    }

    @Override
    public Task readTask(HuggingFaceConfig config) {
        return HuggingFaceTask.of(config, head(), new MaskedWordsTask(Activation.RELU, 1e-6));
    }

    @Override
    public HeadOption head() {
        return HeadOption.MEAN;
    }

    @Override
    public NameTable names(ModelConfig config) {
        EncoderConfig encoder = (EncoderConfig) config.model();
        String theirs = "encoder.block.{layer}.layer.";
        String ours = "encoder.transformer.layers.{layer}.";
        NameTable table =
                NameTable.of(
                                NameRule.same(
                                        "encoder.embed_tokens.weight", "encoder.tokens.weight"),
                                NameRule.same(
                                        "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
                                        "encoder.transformer.scorePosition.weight"),
                                NameRule.same(
                                        theirs + "0.SelfAttention.q.weight",
                                        ours + "mixer.query.weight"),
                                NameRule.same(
                                        theirs + "0.SelfAttention.k.weight",
                                        ours + "mixer.key.weight"),
                                NameRule.same(
                                        theirs + "0.SelfAttention.v.weight",
                                        ours + "mixer.value.weight"),
                                NameRule.same(
                                        theirs + "0.SelfAttention.o.weight",
                                        ours + "mixer.output.weight"),
                                NameRule.same(
                                        theirs + "0.layer_norm.weight", ours + "mixerNorm.weight"),
                                NameRule.same(
                                        theirs + "1.mlp.wi.weight", ours + "feedForward.up.weight"),
                                NameRule.same(
                                        theirs + "1.mlp.wo.weight",
                                        ours + "feedForward.down.weight"),
                                NameRule.same(
                                        theirs + "1.mlp.router.classifier.weight",
                                        ours + "feedForward.router.weight"),
                                NameRule.same(
                                        theirs + "1.layer_norm.weight",
                                        ours + "feedForwardNorm.weight"),
                                NameRule.same(
                                        "encoder.final_layer_norm.weight",
                                        "encoder.transformer.finalNorm.weight"))
                        .tied("shared.weight", "encoder.embed_tokens.weight");
        return encoder.stack().layers().stream()
                .filter(layer -> layer.feedForward() instanceof ExpertsOption)
                .map(layer -> ((ExpertsOption) layer.feedForward()).numExperts())
                .findFirst()
                .map(
                        count ->
                                table.and(
                                        each(theirs, "wi", ours + "feedForward.up.weight", count),
                                        each(
                                                theirs,
                                                "wo",
                                                ours + "feedForward.down.weight",
                                                count)))
                .orElse(table);
    }

    private static NameRule each(String layer, String map, String ours, int numExperts) {
        return NameRule.join(
                        ours,
                        IntStream.range(0, numExperts)
                                .mapToObj(
                                        e ->
                                                "%s1.mlp.experts.expert_%d.%s.weight"
                                                        .formatted(layer, e, map))
                                .toArray(String[]::new))
                .stacked(numExperts);
    }

    @Override
    public List<String> unused(Task task) {
        return List.of("decoder.*", "lm_head.weight");
    }
}
