package org.jzoo.examples.recipe;

import java.util.Locale;
import org.jzoo.blocks.fusion.GateOption;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.j1.J1Size;

/** J1 and what it is compared with, all of about the same number of weights. */
public enum VqaVariant {
    /** Joint attention, the gate, the balance loss. */
    FULL,
    /** The questions alone, in a text encoder of as many layers as the whole of J1. */
    TEXT_ONLY,
    /** The pictures alone, in an image encoder of as many layers as the whole of J1. */
    IMAGE_ONLY,
    /** Both streams count half. */
    NO_GATE,
    /** A gate that nothing keeps from taking one stream alone. */
    NO_BALANCE,
    /** No attention between the streams: their means, concatenated and mapped. */
    POOLED,
    /** Cross-attention both ways in place of joint attention. */
    TWO_WAY,
    /** A gate with a weight for each token. */
    TOKEN_GATE;

    private static final double BALANCE = 0.01;

    /** The variant of that name, such as {@code text-only}. */
    public static VqaVariant named(String name) {
        try {
            return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "variant must be one of full, text-only, image-only, no-gate, no-balance,"
                            + " pooled, two-way, token-gate, got variant="
                            + name,
                    e);
        }
    }

    /** The name as it is typed. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it has a text and an image stream. */
    public boolean hasBoth() {
        return this != TEXT_ONLY && this != IMAGE_ONLY;
    }

    /** The model's numbers; modality dropout is left to the data. */
    J1Config config(J1Size size, int vocabulary, int maxLength, int padding) {
        int text = size.textLayers();
        int image = size.imageLayers();
        int fusion = size.fusionLayers();
        J1Config config = size.config(vocabulary, maxLength, padding).withModalityDropout(0);
        GateOption gate = new GateOption(false, BALANCE);
        return switch (this) {
            case FULL -> config.withGate(gate);
            case TEXT_ONLY ->
                    size.withLayers(text + image + fusion + 1, 1, 1)
                            .config(vocabulary, maxLength, padding)
                            .textOnly();
            case IMAGE_ONLY ->
                    size.withLayers(1, text + image + fusion, 1)
                            .config(vocabulary, maxLength, padding)
                            .imageOnly();
            case NO_GATE -> config.withGate(null);
            case NO_BALANCE -> config.withGate(new GateOption(false, 0));
            case POOLED -> config.withGate(gate).withFusion(size.pooled());
            case TWO_WAY ->
                    config.withGate(gate)
                            .withFusion(
                                    size.withLayers(text, image, twoWayLayers(fusion)).twoWay());
            case TOKEN_GATE -> config.withGate(new GateOption(true, BALANCE));
        };
    }

    /** So many that their weights are about those of the joint form. */
    private static int twoWayLayers(int joint) {
        return Math.max(1, Math.round(joint / 2.3f));
    }
}
