package org.jzoo.zoo.j1;

import ai.djl.nn.Block;
import java.util.List;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.fusion.FusionOption;
import org.jzoo.blocks.fusion.GateOption;
import org.jzoo.blocks.fusion.JointFusionOption;
import org.jzoo.blocks.fusion.TwoWayFusionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.registry.ImageModelOption;
import org.jzoo.zoo.registry.TextModelOption;
import org.jzoo.zoo.task.Task;

/**
 * The numbers of a J1. Without a text or without an image encoder it is a model of one modality, to
 * compare with.
 *
 * @param dim the width that both streams are projected to (D), at least 1
 * @param text the text encoder; null for none
 * @param image the image encoder; null for none
 * @param fusion what lets the streams know of each other; null, for one stream only
 * @param gate what weighs the streams; null for halves
 * @param modalityDropout share of the examples that lose their text or their image while training,
 *     in [0, 1)
 */
public record J1Config(
        int dim,
        EncoderConfig text,
        J1Image image,
        FusionOption fusion,
        GateOption gate,
        double modalityDropout)
        implements TextModelOption, ImageModelOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a component is out of its range, there is no encoder, or
     *     there is a fusion or a gate for one stream, or no fusion for two
     */
    public J1Config {
        if (dim < 1) {
            throw new IllegalArgumentException("dim must be >= 1, got dim=" + dim);
        }
        if (!(modalityDropout >= 0 && modalityDropout < 1)) {
            throw new IllegalArgumentException(
                    "modalityDropout must be in [0, 1), got modalityDropout=" + modalityDropout);
        }
        boolean both = text != null && image != null;
        if (text == null && image == null) {
            throw new IllegalArgumentException("text or image must be there, got neither");
        }
        if (both != (fusion != null) || (!both && (gate != null || modalityDropout > 0))) {
            throw new IllegalArgumentException(
                    "fusion must be there for two streams, and neither fusion, gate nor"
                            + " modalityDropout for one, got text=%b, image=%b, fusion=%b, gate=%b"
                                    .formatted(
                                            text != null,
                                            image != null,
                                            fusion != null,
                                            gate != null));
        }
    }

    /** This model with another gate; null for halves. */
    public J1Config withGate(GateOption other) {
        return new J1Config(dim, text, image, fusion, other, modalityDropout);
    }

    /** This model with another fusion. */
    public J1Config withFusion(FusionOption other) {
        return new J1Config(dim, text, image, other, gate, modalityDropout);
    }

    /** This model with another share of examples that lose a modality. */
    public J1Config withModalityDropout(double share) {
        return new J1Config(dim, text, image, fusion, gate, share);
    }

    /** This model with another text encoder. */
    public J1Config withText(EncoderConfig other) {
        return new J1Config(dim, other, image, fusion, gate, modalityDropout);
    }

    /** This model with another image encoder. */
    public J1Config withImage(J1Image other) {
        return new J1Config(dim, text, other, fusion, gate, modalityDropout);
    }

    /**
     * This model with another feed-forward in the layers of its fusion: gated, or experts.
     *
     * @throws IllegalArgumentException if the fusion has no layers
     */
    public J1Config withFusionFeedForward(FeedForwardOption feedForward) {
        if (fusion instanceof JointFusionOption joint) {
            List<LayerConfig> layers =
                    joint.stack().layers().stream().map(l -> with(l, feedForward)).toList();
            return withFusion(
                    new JointFusionOption(joint.stack().withLayers(layers), joint.modulated()));
        }
        if (fusion instanceof TwoWayFusionOption both) {
            return withFusion(
                    new TwoWayFusionOption(
                            both.numLayers(),
                            both.cross(),
                            both.shared(),
                            with(both.layer(), feedForward),
                            both.finalNorm()));
        }
        throw new IllegalArgumentException(
                "fusion must have layers for a feed-forward, got fusion=" + fusion);
    }

    private static LayerConfig with(LayerConfig layer, FeedForwardOption feedForward) {
        return new LayerConfig(
                layer.mixer(), feedForward, layer.norm(), layer.placement(), layer.dropout());
    }

    /** The text encoder alone, with a head on its mean. */
    public J1Config textOnly() {
        return new J1Config(dim, text, null, null, null, 0);
    }

    /** The image encoder alone, with a head on its mean. */
    public J1Config imageOnly() {
        return new J1Config(dim, null, image, null, null, 0);
    }

    /** Whether there are two streams. */
    public boolean hasBoth() {
        return text != null && image != null;
    }

    @Override
    public int padding() {
        return text == null ? TokenEmbedding.NO_PADDING : text.padding();
    }

    /** Tokens of the longest text; 0 without a text encoder. */
    @Override
    public int maxLength() {
        return text == null ? 0 : text.maxLength();
    }

    /**
     * Pictures are stretched to the encoder's square, numbers from -1 to 1.
     *
     * @throws IllegalStateException if there is no image encoder
     */
    @Override
    public ImagePreprocessing preprocessing() {
        if (image == null) {
            throw new IllegalStateException("image must be there to read pictures, got none");
        }
        return ImagePreprocessing.stretched(image.size(), image.stem().channels());
    }

    @Override
    public Block create(Task task) {
        if (task instanceof J1Task j1) {
            return new J1Model(this, j1);
        }
        if (task instanceof RetrievalTask retrieval) {
            return new J1Retriever(this, retrieval);
        }
        if (task instanceof CaptionTask captions) {
            return new J1Captioner(this, captions);
        }
        throw new IllegalArgumentException(
                "task must be one of J1, got task=" + task.getClass().getSimpleName());
    }
}
