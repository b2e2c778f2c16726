package org.jzoo.examples.bench;

import java.util.List;
import java.util.Objects;
import org.jzoo.blocks.attention.ForgetGate;
import org.jzoo.blocks.attention.GlobalWindowOption;
import org.jzoo.blocks.attention.SegmentAttentionOption;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.transformer.MixerOption;

/**
 * A mixer that {@link AttentionBench} measures.
 *
 * @param name how the tables call it
 * @param option what it is built from, for a width of {@link #DIM}
 * @param segment tokens that it reads at a time, handing its memory on; 0 for all at once
 */
public record AttentionMixer(String name, MixerOption option, int segment) {

    /** The width (D). */
    public static final int DIM = 256;

    /** The tokens at the start of each text that are global, in mixers that have such. */
    public static final int GLOBALS = 16;

    private static final int HEADS = 4;

    /** What is measured: one line each. */
    public static final List<AttentionMixer> ALL =
            List.of(
                    whole("full", causal().build()),
                    whole("forgetting", causal().optForgetGate(new ForgetGate(5)).build()),
                    whole("window 64", causal().optWindow(64).build()),
                    whole("window 256", causal().optWindow(256).build()),
                    whole("window 512", causal().optWindow(512).build()),
                    whole("window 512 + global", new GlobalWindowOption(HEADS, 512, true, 0)),
                    new AttentionMixer("segment memory 512", segments(512), 512));

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code segment} is negative
     */
    public AttentionMixer {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(option, "option");
        if (segment < 0) {
            throw new IllegalArgumentException("segment must be >= 0, got segment=" + segment);
        }
    }

    /** A mixer that reads all tokens at once. */
    static AttentionMixer whole(String name, MixerOption option) {
        return new AttentionMixer(name, option, 0);
    }

    /**
     * The mixer of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static AttentionMixer of(String name) {
        return ALL.stream()
                .filter(mixer -> mixer.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "mixer must be one of %s, got mixer=%s"
                                                .formatted(
                                                        ALL.stream()
                                                                .map(AttentionMixer::name)
                                                                .toList(),
                                                        name)));
    }

    private static SelfAttentionOption.Builder causal() {
        return SelfAttentionOption.builder().setHeads(HEADS, DIM).optCausal(true);
    }

    private static SegmentAttentionOption segments(int length) {
        return SegmentAttentionOption.builder()
                .setHeads(HEADS, DIM)
                .setMemoryLength(length)
                .build();
    }
}
