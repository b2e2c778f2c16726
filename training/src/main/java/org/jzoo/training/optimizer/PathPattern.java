package org.jzoo.training.optimizer;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A glob over parameter paths: {@code *} stands for any characters, dots included; upper and lower
 * case are the same. "*norm.weight" matches "encoder.layers.0.mixerNorm.weight".
 */
public final class PathPattern {

    private PathPattern() {}

    /** Whether the whole of {@code path} matches. */
    public static boolean matches(String pattern, String path) {
        String expression =
                Arrays.stream(pattern.toLowerCase(Locale.ROOT).split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*"));
        return path.toLowerCase(Locale.ROOT).matches(expression);
    }
}
