package org.jzoo.examples.recall;

import java.util.Collections;
import java.util.Locale;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.chunk.ChunkStackConfig;
import org.jzoo.blocks.chunk.StoreOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;

/** A J3 with all parts, without one of them, and what it is compared with. */
public enum RecallVariant {
    /** All parts. */
    J3,
    /** The same weights, at most 256 blocks kept in 8 bits: memory that does not grow. */
    J3_BOUNDED,
    /** No memory tokens. */
    NO_MEMORY,
    /** The question is not seen before the end. */
    NO_GLOBALS,
    /** No forget gates in attention and memory. */
    NO_FORGETTING,
    /** No blocks found again. */
    NO_RETRIEVAL,
    /** Windows of 32. */
    WINDOW_32,
    /** Windows of 128. */
    WINDOW_128,
    /** Windows of 256. */
    WINDOW_256,
    /** Distances by falling scores. */
    ALIBI,
    /** No distances. */
    NO_POSITION,
    /** Windows alone. */
    SLIDING,
    /** Full attention to the last tokens, as many as in training. */
    FULL;

    private static final int BOUND = 256;
    private static final double ROTARY_BASE = 10_000;

    /** The name in commands and tables, such as "no-memory". */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The variant whose weights it has: texts of training are too short to fill a store. */
    RecallVariant weights() {
        return this == J3_BOUNDED ? J3 : this;
    }

    /**
     * The variant of that label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static RecallVariant labelled(String label) {
        for (RecallVariant variant : values()) {
            if (variant.label().equals(label)) {
                return variant;
            }
        }
        throw new IllegalArgumentException(
                "variant must be one of %s, got variant=%s"
                        .formatted(
                                String.join(
                                        ", ",
                                        java.util.Arrays.stream(values())
                                                .map(RecallVariant::label)
                                                .toList()),
                                label));
    }

    /** Tokens of a text that can be read: the trained length for full attention. */
    int reach(int trained) {
        return isWhole() ? trained : Integer.MAX_VALUE;
    }

    /** Whether it reads on with more than its window: what aids and looks are for. */
    boolean carries() {
        return this != FULL && this != SLIDING;
    }

    /** Looks at the end of a text; 0 for those that carry nothing from chunk to chunk. */
    int looks(RecallConfig config) {
        return carries() ? config.looks() : 0;
    }

    /** Whether texts are read in one chunk of whatever length. */
    boolean isWhole() {
        return this == FULL;
    }

    /** The model for a vocabulary; its feed-forwards are as wide as the size says. */
    J3Config model(J3Size size, int vocabulary) {
        J3Parts.Builder parts = J3Parts.of(size);
        return switch (this) {
            case J3 -> encoder(parts, vocabulary);
            case J3_BOUNDED ->
                    encoder(
                            parts.optStore(
                                    new StoreOption(
                                            BOUND,
                                            StoreOption.Keep.RELEVANT,
                                            StoreOption.Numbers.INT8)),
                            vocabulary);
            case NO_MEMORY -> encoder(parts.optMemoryTokens(0), vocabulary);
            case NO_GLOBALS -> encoder(parts.optGlobals(false), vocabulary);
            case NO_FORGETTING -> encoder(parts.optForgets(false), vocabulary);
            case NO_RETRIEVAL -> encoder(parts.optRetrieved(0), vocabulary);
            case WINDOW_32 -> encoder(parts.optWindow(32), vocabulary);
            case WINDOW_128 -> encoder(parts.optWindow(128), vocabulary);
            case WINDOW_256 -> encoder(parts.optWindow(256), vocabulary);
            case ALIBI -> encoder(parts.optPosition(J3Parts.Position.ALIBI), vocabulary);
            case NO_POSITION -> encoder(parts.optPosition(J3Parts.Position.NONE), vocabulary);
            case SLIDING ->
                    encoder(parts.optMemoryTokens(0).optGlobals(false).optRetrieved(0), vocabulary);
            case FULL -> full(size, vocabulary);
        };
    }

    private static J3Config encoder(J3Parts.Builder parts, int vocabulary) {
        return parts.build().encoder(vocabulary, -1);
    }

    // One chunk of whatever length, with full attention inside.
    private static J3Config full(J3Size size, int vocabulary) {
        int features = size.dim() / size.numHeads();
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(size.numHeads(), size.dim())
                                .optBias(false, false)
                                .optPosition(
                                        new RotaryPositionOption(
                                                ROTARY_BASE, features / 4 * 2, false))
                                .build(),
                        new GatedFeedForwardOption(size.feedForward(), Activation.SILU, false, 0),
                        new RmsNormOption(1e-6),
                        NormPlacement.PRE,
                        0);
        TransformerConfig stack =
                new TransformerConfig(
                        size.dim(),
                        Collections.nCopies(size.numLayers(), layer),
                        new RmsNormOption(1e-6),
                        null);
        return new J3Config(
                vocabulary,
                -1,
                0,
                1 << 24,
                1,
                new ChunkStackConfig(stack, null, true, ChunkStackConfig.Form.ENCODER));
    }
}
