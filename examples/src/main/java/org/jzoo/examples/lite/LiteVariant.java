package org.jzoo.examples.lite;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The recipe, and what it is compared with. */
public enum LiteVariant {
    /**
     * Importance, pruning, distillation on texts of all tasks, distillation on the task, 4 bits.
     */
    FULL("full"),
    /** The task's distillation alone: what was cut begins with the tuned teacher's weights. */
    NO_GENERAL("no-general"),
    /** Layers, heads and channels stay by chance. */
    NO_IMPORTANCE("no-importance"),
    /** No teacher: what was cut from the tuned model learns from the labels. */
    NO_DISTILLATION("no-distillation"),
    /** Whole layers of the tuned teacher at equal distances learn from the labels. */
    TRUNCATED("truncated"),
    /** The same sizes with fresh weights learn from the labels. */
    SCRATCH("scratch");

    private final String label;

    LiteVariant(String label) {
        this.label = label;
    }

    /** The name on the command line and in tables. */
    public String label() {
        return label;
    }

    /** Whether it begins with what was taught on texts of all tasks. */
    boolean isGeneral() {
        return this == FULL || this == NO_IMPORTANCE;
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
