package org.jzoo.zoo.lxmert;

import ai.djl.nn.Block;
import java.util.Objects;
import org.jzoo.blocks.fusion.TwoWayFusionOption;
import org.jzoo.blocks.norm.NormOption;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.registry.TextModelOption;
import org.jzoo.zoo.task.Task;

/**
 * The numbers of a model of texts and regions of images.
 *
 * @param text the text encoder
 * @param featureDim numbers that a detector says of a region, at least 1
 * @param boxDim numbers of a region's place, at least 1
 * @param regionNorm the norm of either after its map
 * @param regions the Transformer over regions, as wide as the text's
 * @param fusion the cross-attention both ways
 */
public record LxmertConfig(
        EncoderConfig text,
        int featureDim,
        int boxDim,
        NormOption regionNorm,
        TransformerConfig regions,
        TwoWayFusionOption fusion)
        implements TextModelOption {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is below 1 or the widths differ
     */
    public LxmertConfig {
        Objects.requireNonNull(regionNorm, "regionNorm");
        Objects.requireNonNull(fusion, "fusion");
        if (featureDim < 1 || boxDim < 1) {
            throw new IllegalArgumentException(
                    "featureDim and boxDim must be >= 1, got featureDim=%d, boxDim=%d"
                            .formatted(featureDim, boxDim));
        }
        if (text.dim() != regions.dim()) {
            throw new IllegalArgumentException(
                    "text and regions must be of one width, got text=%d, regions=%d"
                            .formatted(text.dim(), regions.dim()));
        }
    }

    @Override
    public int padding() {
        return text.padding();
    }

    @Override
    public int maxLength() {
        return text.maxLength();
    }

    @Override
    public Block create(Task task) {
        if (task instanceof RegionTextTask) {
            return new LxmertModel(this);
        }
        throw new IllegalArgumentException(
                "task must be RegionTextTask, got task=" + task.getClass().getSimpleName());
    }
}
