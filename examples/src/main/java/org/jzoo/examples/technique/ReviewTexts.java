package org.jzoo.examples.technique;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jzoo.datasets.imdb.ImdbReviews;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/** Film reviews whose labels are named like a task's two. */
final class ReviewTexts {

    private static final int FEWEST_WORDS = 4;
    private static final int MOST_WORDS = 40;

    private ReviewTexts() {}

    /** Whole reviews, without the marks of line ends. */
    static TextSource whole(TextSource reviews, LabelSet labels) {
        return new Mapped(
                "film reviews",
                TargetKind.CLASS,
                () ->
                        reviews.stream()
                                .map(e -> TextExample.of(e.row(), plain(e), label(e, labels))));
    }

    /**
     * The first of each so many sentences of 4 to 40 words, without the labels: those are of whole
     * reviews.
     */
    static TextSource sentences(TextSource reviews, int every) {
        return new Mapped(
                "sentences of film reviews",
                TargetKind.NONE,
                () -> {
                    AtomicLong rows = new AtomicLong();
                    return reviews.stream()
                            .flatMap(e -> sentences(plain(e)))
                            .map(s -> TextExample.of(rows.incrementAndGet(), s, null))
                            .filter(e -> (e.row() - 1) % every == 0);
                });
    }

    // The first class is the unfavourable one in both.
    private static String label(TextExample review, LabelSet labels) {
        return labels.names().get(ImdbReviews.labels().names().indexOf(review.label()));
    }

    private static String plain(TextExample review) {
        return review.text().replace("<br />", " ");
    }

    /** In the manner of SST-2: lower case, words apart from punctuation and from n't. */
    static Stream<String> sentences(String text) {
        return Arrays.stream(text.split("(?<=[.!?])\\s+"))
                .map(
                        s ->
                                s.toLowerCase(Locale.ROOT)
                                        .replace("n't", " n't")
                                        .replaceAll("('(?:s|re|ve|ll|m|d)\\b)", " $1")
                                        .replaceAll("([.,!?;:\"()])", " $1 ")
                                        .strip()
                                        .replaceAll("\\s+", " "))
                .filter(
                        s -> {
                            int words = s.split(" ").length;
                            return words >= FEWEST_WORDS && words <= MOST_WORDS;
                        });
    }

    /** Opens a stream of examples. */
    @FunctionalInterface
    private interface Opener {
        Stream<TextExample> open();
    }

    private record Mapped(String name, TargetKind target, Opener opener) implements TextSource {

        @Override
        public Stream<TextExample> stream() {
            return opener.open();
        }
    }
}
