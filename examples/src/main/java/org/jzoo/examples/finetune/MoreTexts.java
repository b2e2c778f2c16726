package org.jzoo.examples.finetune;

import java.util.stream.Stream;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;

/**
 * Texts about which only a teacher is asked.
 *
 * @param source of singles or pairs, as the labelled texts are; labels are not looked at
 * @param hash SHA-256 of its content, for cards; empty if unknown
 */
public record MoreTexts(TextSource source, String hash) {

    // Above any row of a file: what a teacher said is kept by row.
    private static final long FIRST_ROW = 1L << 40;

    /**
     * These texts after others.
     *
     * @param labelled with rows as they are
     * @param placeholder a label that they may have, which stands for none
     */
    TextSource after(TextSource labelled, String placeholder) {
        return new Joined(labelled, source, placeholder);
    }

    /** Tells a card of them. */
    void into(ModelCard.Builder card) {
        String name = RunCard.fileName(source.name());
        card.optData(new DataUse(name, "labelled by the teacher", source.count(), hash));
    }

    private record Joined(TextSource labelled, TextSource more, String placeholder)
            implements TextSource {

        @Override
        public String name() {
            return labelled.name();
        }

        @Override
        public TargetKind target() {
            return labelled.target();
        }

        @Override
        public Stream<TextExample> stream() {
            return Stream.concat(
                    labelled.stream(),
                    more.stream()
                            .map(
                                    e ->
                                            new TextExample(
                                                    FIRST_ROW + e.row(),
                                                    e.text(),
                                                    e.pair(),
                                                    placeholder)));
        }
    }
}
