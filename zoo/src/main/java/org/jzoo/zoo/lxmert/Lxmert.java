package org.jzoo.zoo.lxmert;

import java.util.Arrays;
import java.util.List;
import org.jzoo.blocks.attention.CrossAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.fusion.TwoWayFusionOption;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/**
 * LXMERT without the heads of its pretraining.
 *
 * @see <a href="https://arxiv.org/abs/1908.07490">Tan and Bansal 2019, LXMERT</a>
 */
public final class Lxmert implements Architecture {

    private static final double NORM_EPSILON = 1e-12;
    private static final String LAYERS = "fusion.layers.{layer}.";

    /** Stateless: one is as good as another. */
    public Lxmert() {}

    @Override
    public String name() {
        return "lxmert";
    }

    @Override
    public LxmertConfig readConfig(HuggingFaceConfig config) {
        int dim = config.integer("hidden_size", 768);
        int heads = config.integer("num_attention_heads", 12);
        int maxLength = config.integer("max_position_embeddings", 512);
        double attentionDropout = config.number("attention_probs_dropout_prob", 0.1);
        EncoderConfig text =
                new PostNormEncoder(
                                config.integer("vocab_size", 30522),
                                dim,
                                config.integer("l_layers", 9),
                                heads,
                                config.integer("intermediate_size", 3072),
                                config.activation("hidden_act", Activation.GELU),
                                config.number("hidden_dropout_prob", 0.1),
                                attentionDropout,
                                NORM_EPSILON)
                        .config(
                                new LearnedPositionOption(maxLength),
                                maxLength,
                                config.integer("type_vocab_size", 2),
                                0,
                                false);
        LayerConfig layer = text.stack().layers().get(0);
        LayerNormOption norm = new LayerNormOption(NORM_EPSILON);
        CrossAttentionOption cross =
                new CrossAttentionOption(heads, heads, dim / heads, true, true, attentionDropout);
        // The heads and losses of pretraining, and the layers' numbers once more.
        config.ignore(
                "num_hidden_layers",
                "num_qa_labels",
                "num_object_labels",
                "num_attr_labels",
                "visual_loss_normalizer",
                "task_matched",
                "task_mask_lm",
                "task_obj_predict",
                "task_qa",
                "visual_obj_loss",
                "visual_attr_loss",
                "visual_feat_loss",
                "pad_token_id",
                "tie_word_embeddings");
        LxmertConfig model =
                new LxmertConfig(
                        text,
                        config.integer("visual_feat_dim", 2048),
                        config.integer("visual_pos_dim", 4),
                        norm,
                        TransformerConfig.uniform(dim, config.integer("r_layers", 5), layer, null),
                        new TwoWayFusionOption(
                                config.integer("x_layers", 5), cross, true, layer, null));
        config.rejectUnread();
        return model;
    }

    @Override
    public Task readTask(HuggingFaceConfig config) {
        return new RegionTextTask();
    }

    @Override
    public HeadOption head() {
        return HeadOption.BERT;
    }

    @Override
    public List<String> unused(Task task) {
        return List.of("cls.*", "answer_head.*", "obj_predict_head.*", "*position_ids");
    }

    @Override
    public NameTable names(ModelConfig config) {
        NameTable table =
                NameTable.of(
                        NameRule.same("embeddings.word_embeddings.weight", "text.tokens.weight"),
                        NameRule.same(
                                "embeddings.position_embeddings.weight", "text.positions.weight"),
                        NameRule.same(
                                "embeddings.token_type_embeddings.weight", "text.types.weight"));
        return table.and(affine("embeddings.LayerNorm", "text.embeddingNorm"))
                .and(affine("encoder.visn_fc.visn_fc", "features"))
                .and(affine("encoder.visn_fc.visn_layer_norm", "featuresNorm"))
                .and(affine("encoder.visn_fc.box_fc", "boxes"))
                .and(affine("encoder.visn_fc.box_layer_norm", "boxesNorm"))
                .and(affine("pooler.dense", "pooler"))
                .and(layer("encoder.layer.{layer}.", "text.transformer.layers.{layer}."))
                .and(layer("encoder.r_layers.{layer}.", "regions.layers.{layer}."))
                .and(stream("lang", "text"))
                .and(stream("visn", "image"))
                .and(
                        attention(
                                "encoder.x_layers.{layer}.visual_attention.att.",
                                LAYERS + "bothCross."))
                .and(
                        affine(
                                "encoder.x_layers.{layer}.visual_attention.output.dense",
                                LAYERS + "bothCross.output"))
                .and(
                        affine(
                                "encoder.x_layers.{layer}.visual_attention.output.LayerNorm",
                                LAYERS + "bothCrossNorm"))
                .prefixed("lxmert.");
    }

    private static NameRule[] affine(String theirs, String ours) {
        return new NameRule[] {
            NameRule.same(theirs + ".weight", ours + ".weight"),
            NameRule.same(theirs + ".bias", ours + ".bias")
        };
    }

    private static NameRule[] attention(String theirs, String ours) {
        return join(
                affine(theirs + "query", ours + "query"),
                affine(theirs + "key", ours + "key"),
                affine(theirs + "value", ours + "value"));
    }

    private static NameRule[] layer(String theirs, String ours) {
        return join(
                attention(theirs + "attention.self.", ours + "mixer."),
                affine(theirs + "attention.output.dense", ours + "mixer.output"),
                affine(theirs + "attention.output.LayerNorm", ours + "mixerNorm"),
                affine(theirs + "intermediate.dense", ours + "feedForward.up"),
                affine(theirs + "output.dense", ours + "feedForward.down"),
                affine(theirs + "output.LayerNorm", ours + "feedForwardNorm"));
    }

    /** What a stream has of its own after the cross-attention. */
    private static NameRule[] stream(String theirs, String ours) {
        String from = "encoder.x_layers.{layer}." + theirs + "_";
        String to = LAYERS + ours + ".layers.0.";
        return join(
                attention(from + "self_att.self.", to + "mixer."),
                affine(from + "self_att.output.dense", to + "mixer.output"),
                affine(from + "self_att.output.LayerNorm", to + "mixerNorm"),
                affine(from + "inter.dense", to + "feedForward.up"),
                affine(from + "output.dense", to + "feedForward.down"),
                affine(from + "output.LayerNorm", to + "feedForwardNorm"));
    }

    private static NameRule[] join(NameRule[]... groups) {
        return Arrays.stream(groups).flatMap(Arrays::stream).toArray(NameRule[]::new);
    }
}
