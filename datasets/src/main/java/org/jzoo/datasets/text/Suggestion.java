package org.jzoo.datasets.text;

import java.util.Collection;
import java.util.Locale;

/** Finds what a mistyped name probably meant. */
final class Suggestion {

    private Suggestion() {}

    /** {@code ; did you mean "x"?} for the nearest name, or nothing if none is near. */
    static String forName(String wanted, Collection<String> names) {
        String nearest = null;
        int best = Math.max(2, wanted.length() / 3) + 1;
        for (String name : names) {
            int distance = distance(wanted.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < best && distance < Math.max(wanted.length(), name.length())) {
                best = distance;
                nearest = name;
            }
        }
        return nearest == null ? "" : "; did you mean \"" + nearest + "\"?";
    }

    /** Levenshtein's edit distance. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
