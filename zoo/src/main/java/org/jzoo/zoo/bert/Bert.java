package org.jzoo.zoo.bert;

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
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/**
 * BERT, and the sentence encoders built like it (MiniLM, bge).
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al. 2019, BERT</a>
 */
public final class Bert implements Architecture {

    private static final double NORM_EPSILON = 1e-12;

    /** Stateless: one is as good as another. */
    public Bert() {}

    @Override
    public String name() {
        return "bert";
    }

    @Override
    public EncoderConfig readConfig(HuggingFaceConfig config) {
        EncoderConfig encoder =
                readStack(config)
                        .config(
                                new LearnedPositionOption(
                                        config.integer("max_position_embeddings")),
                                config.integer("max_position_embeddings"),
                                config.integer("type_vocab_size", 2),
                                config.integer("pad_token_id", 0),
                                false);
        config.rejectUnread();
        return encoder;
    }

    /** Reads the keys that BERT and RoBERTa share. */
    public static PostNormEncoder readStack(HuggingFaceConfig config) {
        config.expect("position_embedding_type", "absolute");
        config.expect("is_decoder", false);
        config.expect("add_cross_attention", false);
        config.expect("tie_word_embeddings", true);
        config.ignore("classifier_dropout");
        return new PostNormEncoder(
                config.integer("vocab_size"),
                config.integer("hidden_size"),
                config.integer("num_hidden_layers"),
                config.integer("num_attention_heads"),
                config.integer("intermediate_size"),
                config.activation("hidden_act", Activation.GELU),
                config.number("hidden_dropout_prob", 0.1),
                config.number("attention_probs_dropout_prob", 0.1),
                config.number("layer_norm_eps", NORM_EPSILON));
    }

    @Override
    public Task readTask(HuggingFaceConfig config) {
        return HuggingFaceTask.of(
                config,
                head(),
                new MaskedWordsTask(
                        config.activation("hidden_act", Activation.GELU),
                        config.number("layer_norm_eps", NORM_EPSILON)));
    }

    @Override
    public HeadOption head() {
        return HeadOption.BERT;
    }

    @Override
    public NameTable names(ModelConfig config) {
        NameTable table = encoderNames();
        if (config.task() instanceof MaskedWordsTask) {
            return table.and(
                            NameRule.same(
                                    "cls.predictions.transform.dense.weight", "head.dense.weight"),
                            NameRule.same(
                                    "cls.predictions.transform.dense.bias", "head.dense.bias"),
                            NameRule.same(
                                    "cls.predictions.transform.LayerNorm.weight",
                                    "head.norm.weight"),
                            NameRule.same(
                                    "cls.predictions.transform.LayerNorm.bias", "head.norm.bias"),
                            NameRule.same("cls.predictions.bias", "head.bias"))
                    .tied("cls.predictions.decoder.weight", "embeddings.word_embeddings.weight")
                    .tied("cls.predictions.decoder.bias", "cls.predictions.bias")
                    .prefixed("bert.", "cls.", "classifier.");
        }
        return table.and(
                        NameRule.same("pooler.dense.weight", "head.dense.weight"),
                        NameRule.same("pooler.dense.bias", "head.dense.bias"),
                        NameRule.same("classifier.weight", "head.output.weight"),
                        NameRule.same("classifier.bias", "head.output.bias"))
                .prefixed("bert.", "cls.", "classifier.");
    }

    @Override
    public List<String> unused(Task task) {
        return List.of(
                "*position_ids",
                "cls.seq_relationship.*",
                "*pooler.dense.*",
                "cls.predictions.*",
                "head.dense.*");
    }

    /** The names of the encoder's weights, which RoBERTa shares. */
    public static NameTable encoderNames() {
        String layer = "encoder.layer.{layer}.";
        String ours = "encoder.transformer.layers.{layer}.";
        return NameTable.of(
                NameRule.same("embeddings.word_embeddings.weight", "encoder.tokens.weight"),
                NameRule.same("embeddings.token_type_embeddings.weight", "encoder.types.weight"),
                NameRule.same("embeddings.position_embeddings.weight", "encoder.positions.weight"),
                NameRule.same("embeddings.LayerNorm.weight", "encoder.embeddingNorm.weight"),
                NameRule.same("embeddings.LayerNorm.bias", "encoder.embeddingNorm.bias"),
                NameRule.same(layer + "attention.self.query.weight", ours + "mixer.query.weight"),
                NameRule.same(layer + "attention.self.query.bias", ours + "mixer.query.bias"),
                NameRule.same(layer + "attention.self.key.weight", ours + "mixer.key.weight"),
                NameRule.same(layer + "attention.self.key.bias", ours + "mixer.key.bias"),
                NameRule.same(layer + "attention.self.value.weight", ours + "mixer.value.weight"),
                NameRule.same(layer + "attention.self.value.bias", ours + "mixer.value.bias"),
                NameRule.same(
                        layer + "attention.output.dense.weight", ours + "mixer.output.weight"),
                NameRule.same(layer + "attention.output.dense.bias", ours + "mixer.output.bias"),
                NameRule.same(
                        layer + "attention.output.LayerNorm.weight", ours + "mixerNorm.weight"),
                NameRule.same(layer + "attention.output.LayerNorm.bias", ours + "mixerNorm.bias"),
                NameRule.same(layer + "intermediate.dense.weight", ours + "feedForward.up.weight"),
                NameRule.same(layer + "intermediate.dense.bias", ours + "feedForward.up.bias"),
                NameRule.same(layer + "output.dense.weight", ours + "feedForward.down.weight"),
                NameRule.same(layer + "output.dense.bias", ours + "feedForward.down.bias"),
                NameRule.same(layer + "output.LayerNorm.weight", ours + "feedForwardNorm.weight"),
                NameRule.same(layer + "output.LayerNorm.bias", ours + "feedForwardNorm.bias"));
    }
}
