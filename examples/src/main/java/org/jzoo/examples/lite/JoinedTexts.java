package org.jzoo.examples.lite;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/**
 * Texts of several sources without their labels, one source after the other.
 *
 * @param name of all together
 * @param parts each opened when it is its turn
 */
record JoinedTexts(String name, List<Supplier<Stream<TextExample>>> parts) implements TextSource {

    private static final int PASSAGE_WORDS = 48;

    JoinedTexts {
        parts = List.copyOf(parts);
    }

    @Override
    public TargetKind target() {
        return TargetKind.NONE;
    }

    @Override
    public Stream<TextExample> stream() {
        AtomicLong rows = new AtomicLong();
        return parts.stream()
                .flatMap(Supplier::get)
                .map(e -> new TextExample(rows.incrementAndGet(), e.text(), e.pair(), null));
    }

    /** The texts of pairs one by one, beside the pairs. */
    static Supplier<Stream<TextExample>> pairsAndTexts(TextSource source) {
        return () ->
                source.stream()
                        .flatMap(
                                e ->
                                        e.pair() == null
                                                ? Stream.of(e)
                                                : Stream.of(
                                                        e,
                                                        TextExample.of(1, e.text(), null),
                                                        TextExample.of(1, e.pair(), null)));
    }

    /** Long texts in passages of 48 words. */
    static Supplier<Stream<TextExample>> passages(TextSource source) {
        return () -> source.stream().flatMap(e -> passages(e.text()));
    }

    private static Stream<TextExample> passages(String text) {
        Iterator<String> words =
                List.of(text.replace("<br />", " ").strip().split("\\s+")).iterator();
        Stream.Builder<TextExample> found = Stream.builder();
        while (words.hasNext()) {
            StringBuilder passage = new StringBuilder(words.next());
            for (int i = 1; i < PASSAGE_WORDS && words.hasNext(); i++) {
                passage.append(' ').append(words.next());
            }
            if (!passage.toString().isBlank()) {
                found.add(TextExample.of(1, passage.toString(), null));
            }
        }
        return found.build();
    }
}
