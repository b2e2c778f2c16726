package org.jzoo.examples.lite;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The recipe, and what it is compared with. */
public enum LiteVariant {
    /** Importance, pruning, distillation with changed texts, 4 bits learned while training. */
    FULL("full"),
    /** Layers, heads and channels stay by chance. */
    NO_IMPORTANCE("no-importance"),
    /** No teacher: what was cut from the tuned model learns from the labels. */
    NO_DISTILLATION("no-distillation"),
    /** Whole layers of the tuned teacher at equal distances learn from the labels. */
    TRUNCATED("truncated"),
    /** The same sizes with fresh weights learn from the labels. */
    SCRATCH("scratch"),
    /**
     * Cut from the pretrained model instead of the tuned one, and first taught its hidden states on
     * the texts of all tasks.
     */
    GENERAL_FIRST("general-first");

    private final String label;

    LiteVariant(String label) {
        this.label = label;
    }

    /** The name on the command line and in tables. */
    public String label() {
        return label;
    }

    /** Whether it learns from the labels alone. */
    boolean fromLabels() {
        return this == NO_DISTILLATION || this == TRUNCATED || this == SCRATCH;
    }

    /**
     * The variant of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static LiteVariant named(String name) {
        return Arrays.stream(values())
                .filter(v -> v.label.equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "variant must be one of %s, got variant=%s"
                                                .formatted(
                                                        Arrays.stream(values())
                                                                .map(LiteVariant::label)
                                                                .collect(Collectors.joining(", ")),
                                                        name)));
    }
}
