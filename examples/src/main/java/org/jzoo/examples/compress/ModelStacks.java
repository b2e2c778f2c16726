package org.jzoo.examples.compress;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.fusion.JointFusionOption;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.j1.J1Image;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelOption;

/**
 * The stacks of layers in the numbers of a model that can be made smaller, by the paths under which
 * {@link org.jzoo.training.compression.pruning.Stacks} finds them.
 */
final class ModelStacks {

    /** The stack of a text encoder. */
    static final String ENCODER = "encoder.transformer";

    /** The stack over both streams of a J1. */
    static final String FUSION = "fusion.transformer";

    private static final String TEXT = "text.transformer";
    private static final String IMAGE = "image.transformer";

    private ModelStacks() {}

    /**
     * All stacks.
     *
     * @throws IllegalArgumentException if the model is neither a text encoder nor a J1
     */
    static Map<String, TransformerConfig> of(LoadedModel model) {
        Map<String, TransformerConfig> stacks = new LinkedHashMap<>();
        if (model.config().model() instanceof EncoderConfig encoder) {
            stacks.put(ENCODER, encoder.stack());
            return stacks;
        }
        if (model.config().model() instanceof J1Config j1) {
            if (j1.text() != null) {
                stacks.put(TEXT, j1.text().stack());
            }
            if (j1.image() != null) {
                stacks.put(IMAGE, j1.image().stack());
            }
            if (j1.fusion() instanceof JointFusionOption joint) {
                stacks.put(FUSION, joint.stack());
            }
            return stacks;
        }
        throw new IllegalArgumentException(
                "model must be a text encoder or a J1 to be compressed, got the architecture "
                        + model.config().architecture());
    }

    /** The numbers of a model with other stacks, all those of {@link #of}. */
    static ModelOption with(LoadedModel model, Map<String, TransformerConfig> stacks) {
        if (model.config().model() instanceof EncoderConfig encoder) {
            return encoder.withStack(stacks.get(ENCODER));
        }
        J1Config j1 = (J1Config) model.config().model();
        if (j1.text() != null) {
            j1 = j1.withText(j1.text().withStack(stacks.get(TEXT)));
        }
        if (j1.image() != null) {
            j1 = j1.withImage(with(j1.image(), stacks.get(IMAGE)));
        }
        return j1.fusion() instanceof JointFusionOption joint
                ? j1.withFusion(new JointFusionOption(stacks.get(FUSION), joint.modulated()))
                : j1;
    }

    private static J1Image with(J1Image image, TransformerConfig stack) {
        return new J1Image(
                image.stem(),
                image.size(),
                image.position(),
                image.dropout(),
                stack,
                image.merge());
    }
}
