package org.jzoo.training.tuning;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Patterns of paths, in which {@code *} stands for any characters, dots included. */
final class PathPatterns {

    private static final int SHOWN = 40;

    private PathPatterns() {}

    static boolean anyMatches(List<String> patterns, String path) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, path));
    }

    private static boolean matches(String pattern, String path) {
        String expression =
                List.of(pattern.split("\\*", -1)).stream()
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*"));
        return path.matches(expression);
    }

    /** Fails if one of the patterns matches none of the paths. */
    static void requireMatches(
            String name, List<String> patterns, Collection<String> paths, String what) {
        for (String pattern : patterns) {
            if (paths.stream().noneMatch(path -> matches(pattern, path))) {
                String shown = paths.stream().limit(SHOWN).collect(Collectors.joining(", "));
                throw new IllegalArgumentException(
                        "%s must match %s of the model, got %s=%s; there are: %s%s"
                                .formatted(
                                        name,
                                        what,
                                        name,
                                        pattern,
                                        shown,
                                        paths.size() > SHOWN
                                                ? " and %d more".formatted(paths.size() - SHOWN)
                                                : ""));
            }
        }
    }
}
