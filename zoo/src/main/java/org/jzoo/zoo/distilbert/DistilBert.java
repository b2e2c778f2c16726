package org.jzoo.zoo.distilbert;

import java.util.List;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.huggingface.HuggingFaceTask;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/**
 * DistilBERT: BERT's layers without token types.
 *
 * @see <a href="https://arxiv.org/abs/1910.01108">Sanh et al. 2019, DistilBERT</a>
 */
public final class DistilBert implements Architecture {

    private static final double NORM_EPSILON = 1e-12;

    /** Stateless: one is as good as another. */
    public DistilBert() {}

    @Override
    public String name() {
        return "distilbert";
    }

    @Override
    public EncoderConfig readConfig(HuggingFaceConfig config) {
        config.expect("tie_word_embeddings", true);
        config.expect("tie_weights_", true);
        // Sinusoidal tables are saved among the weights, so that they load like learned ones.
        config.ignore("sinusoidal_pos_embds", "qa_dropout", "seq_classif_dropout");
        EncoderConfig encoder =
                new PostNormEncoder(
                                config.integer("vocab_size"),
                                config.integer("dim"),
                                config.integer("n_layers"),
                                config.integer("n_heads"),
                                config.integer("hidden_dim"),
                                config.activation("activation", Activation.GELU),
                                config.number("dropout", 0.1),
                                config.number("attention_dropout", 0.1),
                                NORM_EPSILON)
                        .config(
                                new LearnedPositionOption(
                                        config.integer("max_position_embeddings")),
                                config.integer("max_position_embeddings"),
                                0,
                                config.integer("pad_token_id", 0),
                                false);
        config.rejectUnread();
        return encoder;
    }

    @Override
    public Task readTask(HuggingFaceConfig config) {
        return HuggingFaceTask.of(
                config,
                head(),
                new MaskedWordsTask(
                        config.activation("activation", Activation.GELU), NORM_EPSILON));
    }

    @Override
    public HeadOption head() {
        return new HeadOption(Pooling.FIRST, Activation.RELU, 0.2);
    }

    @Override
    public NameTable names(ModelConfig config) {
        String layer = "transformer.layer.{layer}.";
        String ours = "encoder.transformer.layers.{layer}.";
        NameTable table =
                NameTable.of(
                        NameRule.same("embeddings.word_embeddings.weight", "encoder.tokens.weight"),
                        NameRule.same(
                                "embeddings.position_embeddings.weight",
                                "encoder.positions.weight"),
                        NameRule.same(
                                "embeddings.LayerNorm.weight", "encoder.embeddingNorm.weight"),
                        NameRule.same("embeddings.LayerNorm.bias", "encoder.embeddingNorm.bias"),
                        NameRule.same(
                                layer + "attention.q_lin.weight", ours + "mixer.query.weight"),
                        NameRule.same(layer + "attention.q_lin.bias", ours + "mixer.query.bias"),
                        NameRule.same(layer + "attention.k_lin.weight", ours + "mixer.key.weight"),
                        NameRule.same(layer + "attention.k_lin.bias", ours + "mixer.key.bias"),
                        NameRule.same(
                                layer + "attention.v_lin.weight", ours + "mixer.value.weight"),
                        NameRule.same(layer + "attention.v_lin.bias", ours + "mixer.value.bias"),
                        NameRule.same(
                                layer + "attention.out_lin.weight", ours + "mixer.output.weight"),
                        NameRule.same(layer + "attention.out_lin.bias", ours + "mixer.output.bias"),
                        NameRule.same(layer + "sa_layer_norm.weight", ours + "mixerNorm.weight"),
                        NameRule.same(layer + "sa_layer_norm.bias", ours + "mixerNorm.bias"),
                        NameRule.same(layer + "ffn.lin1.weight", ours + "feedForward.up.weight"),
                        NameRule.same(layer + "ffn.lin1.bias", ours + "feedForward.up.bias"),
                        NameRule.same(layer + "ffn.lin2.weight", ours + "feedForward.down.weight"),
                        NameRule.same(layer + "ffn.lin2.bias", ours + "feedForward.down.bias"),
                        NameRule.same(
                                layer + "output_layer_norm.weight",
                                ours + "feedForwardNorm.weight"),
                        NameRule.same(
                                layer + "output_layer_norm.bias", ours + "feedForwardNorm.bias"));
        if (config.task() instanceof MaskedWordsTask) {
            return table.and(
                            NameRule.same("vocab_transform.weight", "head.dense.weight"),
                            NameRule.same("vocab_transform.bias", "head.dense.bias"),
                            NameRule.same("vocab_layer_norm.weight", "head.norm.weight"),
                            NameRule.same("vocab_layer_norm.bias", "head.norm.bias"),
                            NameRule.same("vocab_projector.bias", "head.bias"))
                    .tied("vocab_projector.weight", "embeddings.word_embeddings.weight")
                    .prefixed("distilbert.", "vocab_", "pre_classifier.", "classifier.");
        }
        return table.and(
                        NameRule.same("pre_classifier.weight", "head.dense.weight"),
                        NameRule.same("pre_classifier.bias", "head.dense.bias"),
                        NameRule.same("classifier.weight", "head.output.weight"),
                        NameRule.same("classifier.bias", "head.output.bias"))
                .prefixed("distilbert.", "vocab_", "pre_classifier.", "classifier.");
    }

    @Override
    public List<String> unused(Task task) {
        return List.of("vocab_*", "pre_classifier.*");
    }
}
