package org.jzoo.datasets.factbook;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What the Factbook says of a country under one heading.
 *
 * @param path the headings, such as {@code Geography}, {@code Area}, {@code total}
 * @param text what stands there, alternatives and years separated by {@code "; "}
 */
public record FactbookField(List<String> path, String text) {

    private static final Pattern NOTHING = Pattern.compile("(?i)(NA\\b|none\\b|n/a\\b|note\\b).*|");

    /** Checks that there is a heading. */
    public FactbookField {
        path = List.copyOf(path);
        Objects.requireNonNull(text, "text");
        if (path.isEmpty()) {
            throw new IllegalArgumentException("path must not be empty, got path=[]");
        }
    }

    /** The section, such as {@code Geography}. */
    public String section() {
        return path.get(0);
    }

    /** The headings below the section: {@code Area (total)}. */
    public String heading() {
        List<String> below = path.subList(Math.min(1, path.size() - 1), path.size());
        return below.size() == 1
                ? below.get(0)
                : below.get(0) + " (" + String.join(", ", below.subList(1, below.size())) + ")";
    }

    /** Whether words only say that nothing is known or there is nothing. */
    static boolean saysNothing(String words) {
        return NOTHING.matcher(words).matches();
    }
}
