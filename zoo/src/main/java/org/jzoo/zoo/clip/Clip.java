package org.jzoo.zoo.clip;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.jzoo.blocks.embedding.PatchOption;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.ImageEncoderConfig;
import org.jzoo.zoo.encoder.PreNormImageEncoder;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.huggingface.HuggingFacePreprocessing;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.image.Resampling;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.vit.Vit;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/**
 * CLIP: texts and images in one space, trained to find each other.
 *
 * @see <a href="https://arxiv.org/abs/2103.00020">Radford et al. 2021, CLIP</a>
 */
public final class Clip implements Architecture {

    // Configurations saved before the end token was written down right have this one in its place.
    private static final int END_TOKEN_BEFORE_REPAIR = 2;

    private static final double NORM_EPSILON = 1e-5;
    private static final double LOGIT_SCALE = 2.6592;

    // What older files say of generation, pruning and the like, in every part.
    private static final String[] GENERAL = {
        "bad_words_ids",
        "chunk_size_feed_forward",
        "diversity_penalty",
        "do_sample",
        "early_stopping",
        "encoder_no_repeat_ngram_size",
        "length_penalty",
        "max_length",
        "min_length",
        "no_repeat_ngram_size",
        "num_beam_groups",
        "num_beams",
        "num_return_sequences",
        "output_scores",
        "pruned_heads",
        "remove_invalid_values",
        "repetition_penalty",
        "return_dict_in_generate",
        "temperature",
        "tie_encoder_decoder",
        "tie_word_embeddings",
        "top_k",
        "top_p",
        "torchscript",
        "typical_p",
        "use_bfloat16",
        "dropout",
        "initializer_factor",
        "projection_dim",
        "pad_token_id",
        "prefix",
        "suppress_tokens",
        "begin_suppress_tokens",
        "tf_legacy_loss"
    };

    /** Stateless: one is as good as another. */
    public Clip() {}

    @Override
    public String name() {
        return "clip";
    }

    @Override
    public ClipConfig readConfig(HuggingFaceConfig config) {
        HuggingFaceConfig text = part(config, "text_config");
        HuggingFaceConfig vision = part(config, "vision_config");
        int end = text.integer("eos_token_id", 49407);
        EncoderConfig encoder = text(text);
        ClipConfig clip =
                new ClipConfig(
                        encoder,
                        image(config, vision),
                        config.integer("projection_dim", 512),
                        end == END_TOKEN_BEFORE_REPAIR ? ClipConfig.HIGHEST : end,
                        padding(text, encoder),
                        config.number("logit_scale_init_value", LOGIT_SCALE));
        finish(text);
        finish(vision);
        config.ignore("initializer_factor", "tie_word_embeddings", "pad_token_id");
        config.rejectUnread();
        return clip;
    }

    private static HuggingFaceConfig part(HuggingFaceConfig config, String key) {
        HuggingFaceConfig part = config.object(key);
        if (part == null) {
            throw new IllegalArgumentException(
                    "a configuration of CLIP must have an object \"%s\", got none".formatted(key));
        }
        config.expectCopy(key + "_dict", key);
        return part;
    }

    private static void finish(HuggingFaceConfig part) {
        part.expect("is_decoder", false);
        part.expect("is_encoder_decoder", false);
        part.expect("add_cross_attention", false);
        part.ignore(GENERAL);
        part.rejectUnread();
    }

    private static int padding(HuggingFaceConfig text, EncoderConfig encoder) {
        int padding = text.integer("pad_token_id", 1);
        return padding < encoder.vocabularySize() ? padding : 0;
    }

    private static EncoderConfig text(HuggingFaceConfig text) {
        int maxLength = text.integer("max_position_embeddings", 77);
        return new EncoderConfig(
                text.integer("vocab_size", 49408),
                maxLength,
                0,
                TokenEmbedding.NO_PADDING,
                false,
                new LearnedPositionOption(maxLength),
                null,
                0,
                stack(text, 512, 2048, 8).stack(true),
                null);
    }

    private static ImageEncoderConfig image(HuggingFaceConfig config, HuggingFaceConfig vision) {
        int size = vision.integer("image_size", 224);
        int channels = vision.integer("num_channels", 3);
        return stack(vision, 768, 3072, 12)
                .config(
                        new PatchOption(channels, vision.integer("patch_size", 32), false),
                        size,
                        true,
                        HuggingFacePreprocessing.of(config, preprocessing(size, channels)));
    }

    private static ImagePreprocessing preprocessing(int size, int channels) {
        return channels == 3
                ? ImagePreprocessing.clip(size)
                : new ImagePreprocessing(
                        size, size, size, Resampling.BICUBIC, List.of(0.5), List.of(0.5));
    }

    private static PreNormImageEncoder stack(
            HuggingFaceConfig part, int dim, int feedForwardWidth, int numHeads) {
        return new PreNormImageEncoder(
                part.integer("hidden_size", dim),
                part.integer("num_hidden_layers", 12),
                part.integer("num_attention_heads", numHeads),
                part.integer("intermediate_size", feedForwardWidth),
                part.activation("hidden_act", Activation.QUICK_GELU),
                true,
                0,
                part.number("attention_dropout", 0),
                part.number("layer_norm_eps", NORM_EPSILON));
    }

    @Override
    public Task readTask(HuggingFaceConfig config) {
        for (String name : config.architectures()) {
            if (!name.equals("CLIPModel")) {
                throw new IllegalArgumentException("architectures must be CLIPModel, got " + name);
            }
        }
        return new ImageTextTask();
    }

    @Override
    public HeadOption head() {
        return HeadOption.MEAN;
    }

    @Override
    public NameTable names(ModelConfig config) {
        ImageEncoderConfig image = ((ClipConfig) config.model()).image();
        return NameTable.of(
                        NameRule.same("logit_scale", "logitScale")
                                .reshaped(new Shape(1), new Shape()),
                        NameRule.same("text_projection.weight", "textProjection.weight"),
                        NameRule.same("visual_projection.weight", "imageProjection.weight"),
                        NameRule.same(
                                "text_model.embeddings.token_embedding.weight",
                                "text.tokens.weight"),
                        NameRule.same(
                                "text_model.embeddings.position_embedding.weight",
                                "text.positions.weight"),
                        NameRule.same(
                                "vision_model.embeddings.class_embedding", "image.classToken"),
                        Vit.kernel(
                                "vision_model.embeddings.patch_embedding.weight",
                                "image.patches.projection.weight",
                                image.patches(),
                                image.dim()),
                        NameRule.same(
                                "vision_model.embeddings.position_embedding.weight",
                                "image.positions.weight"))
                .and(affine("text_model.final_layer_norm", "text.transformer.finalNorm"))
                .and(affine("vision_model.pre_layrnorm", "image.embeddingNorm"))
                .and(affine("vision_model.post_layernorm", "image.transformer.finalNorm"))
                .and(layerNames("text_model", "text"))
                .and(layerNames("vision_model", "image"));
    }

    private static NameRule[] affine(String theirs, String ours) {
        return new NameRule[] {
            NameRule.same(theirs + ".weight", ours + ".weight"),
            NameRule.same(theirs + ".bias", ours + ".bias")
        };
    }

    private static NameRule[] layerNames(String theirs, String ours) {
        String[][] pairs = {
            {"self_attn.q_proj", "mixer.query"},
            {"self_attn.k_proj", "mixer.key"},
            {"self_attn.v_proj", "mixer.value"},
            {"self_attn.out_proj", "mixer.output"},
            {"layer_norm1", "mixerNorm"},
            {"mlp.fc1", "feedForward.up"},
            {"mlp.fc2", "feedForward.down"},
            {"layer_norm2", "feedForwardNorm"},
        };
        NameRule[] rules = new NameRule[2 * pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            NameRule[] both =
                    affine(
                            theirs + ".encoder.layers.{layer}." + pairs[i][0],
                            ours + ".transformer.layers.{layer}." + pairs[i][1]);
            rules[2 * i] = both[0];
            rules[2 * i + 1] = both[1];
        }
        return rules;
    }

    @Override
    public List<String> unused(Task task) {
        return List.of("*position_ids");
    }
}
