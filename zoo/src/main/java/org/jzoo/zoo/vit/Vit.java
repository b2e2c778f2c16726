package org.jzoo.zoo.vit;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.jzoo.blocks.embedding.PatchOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.zoo.encoder.ImageEncoderConfig;
import org.jzoo.zoo.encoder.PreNormImageEncoder;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.huggingface.HuggingFacePreprocessing;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.ImageEmbeddingTask;
import org.jzoo.zoo.task.PoolerOption;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;

/**
 * ViT: an image as a sequence of patches.
 *
 * @see <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al. 2021, ViT</a>
 */
public final class Vit implements Architecture {

    // Files leave out what a base model has.
    private static final double NORM_EPSILON = 1e-12;

    /** Stateless: one is as good as another. */
    public Vit() {}

    @Override
    public String name() {
        return "vit";
    }

    @Override
    public ImageEncoderConfig readConfig(HuggingFaceConfig config) {
        int channels = config.integer("num_channels", 3);
        int imageSize = config.integer("image_size", 224);
        // The stride of a decoder for masked images, and the pooler's numbers, which are a task's.
        config.ignore("encoder_stride", "pooler_output_size", "pooler_act");
        ImageEncoderConfig encoder =
                new PreNormImageEncoder(
                                config.integer("hidden_size", 768),
                                config.integer("num_hidden_layers", 12),
                                config.integer("num_attention_heads", 12),
                                config.integer("intermediate_size", 3072),
                                config.activation("hidden_act", Activation.GELU),
                                config.flag("qkv_bias", true),
                                config.number("hidden_dropout_prob", 0),
                                config.number("attention_probs_dropout_prob", 0),
                                config.number("layer_norm_eps", NORM_EPSILON))
                        .config(
                                new PatchOption(channels, config.integer("patch_size", 16), true),
                                imageSize,
                                false,
                                HuggingFacePreprocessing.of(
                                        config, ImagePreprocessing.stretched(imageSize, channels)));
        config.rejectUnread();
        return encoder;
    }

    @Override
    public Task readTask(HuggingFaceConfig config) {
        String name = config.architectures().isEmpty() ? "ViTModel" : config.architectures().get(0);
        if (name.equals("ViTForImageClassification")) {
            List<String> labels = config.labels();
            return new ImageClassificationTask(
                    labels.isEmpty() ? List.of("LABEL_0", "LABEL_1") : labels, head());
        }
        if (name.equals("ViTModel")) {
            return new ImageEmbeddingTask(Pooling.FIRST, null, false);
        }
        throw new IllegalArgumentException(
                "architectures must be ViTModel or ViTForImageClassification, got " + name);
    }

    /** The vector of the model's own pooler, which {@link #readTask} leaves out. */
    public static ImageEmbeddingTask pooled(HuggingFaceConfig config) {
        return new ImageEmbeddingTask(
                Pooling.FIRST,
                new PoolerOption(
                        config.integer("pooler_output_size", config.integer("hidden_size", 768)),
                        config.activation("pooler_act", Activation.TANH)),
                false);
    }

    @Override
    public HeadOption head() {
        return new HeadOption(Pooling.FIRST, null, 0);
    }

    @Override
    public NameTable names(ModelConfig config) {
        PatchOption patches = ((ImageEncoderConfig) config.model()).patches();
        int dim = ((ImageEncoderConfig) config.model()).dim();
        return NameTable.of(
                        vector("embeddings.cls_token", "encoder.classToken", dim),
                        kernel(
                                "embeddings.patch_embeddings.projection.weight",
                                "encoder.patches.projection.weight",
                                patches,
                                dim),
                        NameRule.same(
                                "embeddings.patch_embeddings.projection.bias",
                                "encoder.patches.projection.bias"),
                        NameRule.same("embeddings.position_embeddings", "encoder.positions.weight")
                                .reshaped(new Shape(-1, dim), new Shape(1, -1, dim)),
                        NameRule.same("layernorm.weight", "encoder.transformer.finalNorm.weight"),
                        NameRule.same("layernorm.bias", "encoder.transformer.finalNorm.bias"),
                        NameRule.same("pooler.dense.weight", "head.dense.weight"),
                        NameRule.same("pooler.dense.bias", "head.dense.bias"),
                        NameRule.same("classifier.weight", "head.output.weight"),
                        NameRule.same("classifier.bias", "head.output.bias"))
                .and(layerNames(true))
                .and(layerNames(false))
                .prefixed("vit.", "classifier.");
    }

    /** A convolution's kernel (D, C, P, P) that is a matrix (D, C·P·P) here. */
    public static NameRule kernel(String foreign, String ours, PatchOption patches, int dim) {
        int size = patches.size();
        return NameRule.same(foreign, ours)
                .reshaped(new Shape(dim, -1), new Shape(dim, patches.channels(), size, size));
    }

    private static NameRule vector(String foreign, String ours, int dim) {
        return NameRule.same(foreign, ours).reshaped(new Shape(dim), new Shape(1, 1, dim));
    }

    // Checkpoints have the long names; files that newer versions wrote have the short ones.
    private static NameRule[] layerNames(boolean published) {
        String theirs = published ? "encoder.layer.{layer}." : "layers.{layer}.";
        String[][] pairs = {
            {"attention.attention.query", "attention.q_proj", "mixer.query"},
            {"attention.attention.key", "attention.k_proj", "mixer.key"},
            {"attention.attention.value", "attention.v_proj", "mixer.value"},
            {"attention.output.dense", "attention.o_proj", "mixer.output"},
            {"intermediate.dense", "mlp.fc1", "feedForward.up"},
            {"output.dense", "mlp.fc2", "feedForward.down"},
            {"layernorm_before", "layernorm_before", "mixerNorm"},
            {"layernorm_after", "layernorm_after", "feedForwardNorm"},
        };
        NameRule[] rules = new NameRule[2 * pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            String from = theirs + pairs[i][published ? 0 : 1];
            String to = "encoder.transformer.layers.{layer}." + pairs[i][2];
            rules[2 * i] = NameRule.same(from + ".weight", to + ".weight");
            rules[2 * i + 1] = NameRule.same(from + ".bias", to + ".bias");
        }
        return rules;
    }

    @Override
    public List<String> unused(Task task) {
        boolean pooled = task instanceof ImageEmbeddingTask e && e.pooler() != null;
        return pooled
                ? List.of("*mask_token", "classifier.*", "head.output.*")
                : List.of(
                        "*mask_token",
                        "*pooler.dense.*",
                        "head.dense.*",
                        "classifier.*",
                        "head.output.*");
    }
}
