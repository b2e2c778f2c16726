package org.jzoo.training.tuning;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jzoo.training.optimizer.PathPattern;

/** Lists of {@link PathPattern}s. */
final class PathPatterns {

    private static final int SHOWN = 40;

    private PathPatterns() {}

    static boolean anyMatches(List<String> patterns, String path) {
        return patterns.stream().anyMatch(pattern -> PathPattern.matches(pattern, path));
    }

    /** Fails if one of the patterns matches none of the paths. */
    static void requireMatches(
            String name, List<String> patterns, Collection<String> paths, String what) {
        for (String pattern : patterns) {
            if (paths.stream().noneMatch(path -> PathPattern.matches(pattern, path))) {
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
