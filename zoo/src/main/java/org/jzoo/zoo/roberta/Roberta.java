package org.jzoo.zoo.roberta;

import java.util.List;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.zoo.bert.Bert;
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
 * RoBERTa: BERT's encoder with positions that count from past the padding token.
 *
 * @see <a href="https://arxiv.org/abs/1907.11692">Liu et al. 2019, RoBERTa</a>
 */
public final class Roberta implements Architecture {

    /** Stateless: one is as good as another. */
    public Roberta() {}

    @Override
    public String name() {
        return "roberta";
    }

    @Override
    public EncoderConfig readConfig(HuggingFaceConfig config) {
        EncoderConfig encoder = readEncoder(config);
        config.rejectUnread();
        return encoder;
    }

    /** Reads the keys that RoBERTa and Longformer share. */
    public static EncoderConfig readEncoder(HuggingFaceConfig config) {
        int rows = config.integer("max_position_embeddings");
        int padding = config.integer("pad_token_id", 1);
        return Bert.readStack(config)
                .config(
                        new LearnedPositionOption(rows),
                        rows - padding - 1,
                        config.integer("type_vocab_size", 1),
                        padding,
                        true);
    }

    @Override
    public Task readTask(HuggingFaceConfig config) {
        return HuggingFaceTask.of(
                config,
                head(),
                new MaskedWordsTask(Activation.GELU, config.number("layer_norm_eps", 1e-5)));
    }

    @Override
    public HeadOption head() {
        return HeadOption.BERT;
    }

    @Override
    public NameTable names(ModelConfig config) {
        return withHead(Bert.encoderNames(), config.task())
                .prefixed("roberta.", "lm_head.", "classifier.");
    }

    /** Adds to the names of an encoder those of its head, which Longformer shares. */
    public static NameTable withHead(NameTable encoder, Task task) {
        if (task instanceof MaskedWordsTask) {
            return encoder.and(
                            NameRule.same("lm_head.dense.weight", "head.dense.weight"),
                            NameRule.same("lm_head.dense.bias", "head.dense.bias"),
                            NameRule.same("lm_head.layer_norm.weight", "head.norm.weight"),
                            NameRule.same("lm_head.layer_norm.bias", "head.norm.bias"),
                            NameRule.same("lm_head.bias", "head.bias"))
                    .tied("lm_head.decoder.weight", "embeddings.word_embeddings.weight")
                    .tied("lm_head.decoder.bias", "lm_head.bias");
        }
        return encoder.and(
                NameRule.same("classifier.dense.weight", "head.dense.weight"),
                NameRule.same("classifier.dense.bias", "head.dense.bias"),
                NameRule.same("classifier.out_proj.weight", "head.output.weight"),
                NameRule.same("classifier.out_proj.bias", "head.output.bias"),
                NameRule.same("classifier.weight", "head.output.weight"),
                NameRule.same("classifier.bias", "head.output.bias"));
    }

    @Override
    public List<String> unused(Task task) {
        return List.of("*position_ids", "*pooler.dense.*", "lm_head.*");
    }
}
