package org.jzoo.zoo.j1;

import java.util.List;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.weights.NameTable;

/**
 * J1, this zoo's own model of texts and images. A "published" configuration names a {@link J1Size}
 * and what differs from it; weights have our names.
 */
public final class J1 implements Architecture {

    /** Stateless: one is as good as another. */
    public J1() {}

    @Override
    public String name() {
        return "j1";
    }

    @Override
    public J1Config readConfig(HuggingFaceConfig config) {
        J1Size size = J1Size.named(config.string("size", "tiny"));
        J1Size fitted =
                size.withLayers(
                                config.integer("num_text_layers", size.textLayers()),
                                config.integer("num_image_layers", size.imageLayers()),
                                config.integer("num_fusion_layers", size.fusionLayers()))
                        .withImageSize(config.integer("image_size", size.imageSize()))
                        .withDropout(config.number("dropout", size.dropout()));
        J1Config model =
                fitted.config(
                        config.integer("vocab_size"),
                        config.integer("max_position_embeddings"),
                        config.integer("pad_token_id", 0));
        String fusion = config.string("fusion", "joint");
        double modalityDropout = config.number("modality_dropout", model.modalityDropout());
        config.rejectUnread();
        return new J1Config(
                model.dim(),
                model.text(),
                model.image(),
                switch (fusion) {
                    case "joint" -> fitted.joint();
                    case "two-way" -> fitted.twoWay();
                    case "pooled" -> fitted.pooled();
                    default ->
                            throw new IllegalArgumentException(
                                    "fusion must be joint, two-way or pooled, got fusion="
                                            + fusion);
                },
                model.gate(),
                modalityDropout);
    }

    @Override
    public Task readTask(HuggingFaceConfig config) {
        return new AnswerTask(config.labels(), 0.1);
    }

    @Override
    public NameTable names(ModelConfig config) {
        return NameTable.of();
    }

    @Override
    public List<String> unused(Task task) {
        return List.of();
    }

    @Override
    public HeadOption head() {
        return HeadOption.MEAN;
    }
}
