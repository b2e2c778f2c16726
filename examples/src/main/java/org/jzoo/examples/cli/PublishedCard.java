package org.jzoo.examples.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/**
 * The card of a run as that of a published model: what only the publisher knows is set, and all
 * that was measured stays as it is.
 *
 * @param text Markdown; of other tools too, and empty if there was none
 */
record PublishedCard(String text) {

    private static final String TITLE = "# ";

    /** With that title, and that name where the card says from which folder to load the model. */
    PublishedCard named(String name) {
        return text.lines()
                .filter(line -> line.startsWith(TITLE))
                .findFirst()
                .map(line -> renamed(line.substring(TITLE.length()).strip(), name))
                .orElseGet(() -> new PublishedCard(TITLE + name + "\n\n" + text));
    }

    private PublishedCard renamed(String old, String name) {
        return new PublishedCard(
                text.replaceFirst("(?m)^# .*$", Matcher.quoteReplacement(TITLE + name))
                        .replace("path/to/" + old, name));
    }

    /** The first paragraph after the title, on one line; null if a table or a section follows. */
    String summary() {
        List<String> lines = text.lines().toList();
        int start = first(lines);
        return start == end(lines, start)
                ? null
                : String.join(" ", lines.subList(start, end(lines, start)));
    }

    /** With that paragraph after the title. */
    PublishedCard saying(String summary) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        int start = first(lines);
        List<String> old = lines.subList(start, end(lines, start));
        boolean missing = old.isEmpty();
        old.clear();
        lines.add(start, summary);
        if (missing) {
            lines.add(start + 1, "");
        }
        return new PublishedCard(String.join("\n", lines) + "\n");
    }

    // The first line after the title that holds something.
    private static int first(List<String> lines) {
        int at = 0;
        while (at < lines.size() && !lines.get(at).startsWith(TITLE)) {
            at++;
        }
        at++;
        while (at < lines.size() && lines.get(at).isBlank()) {
            at++;
        }
        return Math.min(at, lines.size());
    }

    // Behind the paragraph that starts there.
    private static int end(List<String> lines, int start) {
        int at = start;
        while (at < lines.size()
                && !lines.get(at).isBlank()
                && !lines.get(at).startsWith("|")
                && !lines.get(at).startsWith("#")) {
            at++;
        }
        return at;
    }

    /** With that licence in the head and in the table. */
    PublishedCard licensed(String licence) {
        String name = Matcher.quoteReplacement(licence);
        return new PublishedCard(
                text.replaceFirst("(?m)\\A(---\\R(?:(?!---).*\\R)*?license: ).*$", "$1" + name)
                        .replaceFirst("(?m)^(\\| Licence \\| ).*( \\|)$", "$1" + name + "$2"));
    }
}
