package org.jzoo.examples.pruning;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways of pruning that are compared. */
public enum PruneMethod {
    /** Heads and channels with the least first-order importance, in one cut. */
    FIRST_ORDER,
    /** The same heads, and the channels that vary least. */
    VARIANCE,
    /** Whole layers with the least first-order importance. */
    WHOLE_LAYERS,
    /** As by first order, in several cuts with a part of the training after each. */
    PROGRESSIVE,
    /** Single weights of small magnitude, at once. */
    MAGNITUDE,
    /** Single weights of small magnitude, little by little in the training. */
    GRADUAL,
    /** The smallest weights of each four or eight neighbours. */
    NEIGHBOURS,
    /** Single weights of small magnitude, which move in the training. */
    DYNAMIC,
    /** The token table as a product of two narrower ones. */
    FACTORISED,
    /** The token table without the tokens that the training texts do not use. */
    USED_TOKENS,
    /** Both. */
    USED_FACTORISED;

    /** The smallest group of neighbours of which a share can stay. */
    private static final List<Integer> GROUPS = List.of(4, 8);

    /** The name in commands and tables. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The method of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static PruneMethod labelled(String label) {
        return Arrays.stream(values())
                .filter(method -> method.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "method must be one of %s, got method=%s"
                                                .formatted(labels(), label)));
    }

    /** All names, with commas. */
    public static String labels() {
        return Arrays.stream(values()).map(PruneMethod::label).collect(Collectors.joining(","));
    }

    /** Whether it makes the token table smaller, and leaves the layers alone. */
    public boolean ofTokens() {
        return this == FACTORISED || this == USED_TOKENS || this == USED_FACTORISED;
    }

    /** Whether single weights become 0, and tensors keep their shapes. */
    public boolean isSparse() {
        return this == MAGNITUDE || this == GRADUAL || this == NEIGHBOURS || this == DYNAMIC;
    }

    /** Whether the model is there before it is trained again. */
    public boolean atOnce() {
        return this != PROGRESSIVE && this != GRADUAL && this != DYNAMIC;
    }

    /** The neighbours of which a share can stay: 4 or 8; 0 if in neither. */
    static int group(double share) {
        return GROUPS.stream()
                .filter(group -> share * group == Math.rint(share * group) && share < 1)
                .findFirst()
                .orElse(0);
    }
}
