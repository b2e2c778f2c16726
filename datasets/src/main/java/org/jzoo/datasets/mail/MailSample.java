package org.jzoo.datasets.mail;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.split.Part;
import org.jzoo.datasets.text.JsonLinesSource;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.datasets.text.StreamOpener;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextSource;

/**
 * Ham and spam mails that ship with the library, from the SpamAssassin public corpus of 2002 to
 * 2005: bodies only, without duplicates, split by a hash of the text. {@code ORIGIN.md} beside the
 * files tells the origin, the licence and what was done to the mails.
 */
public final class MailSample {

    private static final LabelSet LABELS = LabelSet.of("ham", "spam");

    private MailSample() {}

    /** About 70% of the mails. */
    public static TextSource train() {
        return part(Part.TRAIN);
    }

    /** About 10% of the mails. */
    public static TextSource validation() {
        return part(Part.VALIDATION);
    }

    /** About 20% of the mails. */
    public static TextSource test() {
        return part(Part.TEST);
    }

    /** One part of the split. */
    public static TextSource part(Part part) {
        String file = fileName(part);
        StreamOpener opener =
                () -> {
                    InputStream in = MailSample.class.getResourceAsStream(file);
                    if (in == null) {
                        throw new FileNotFoundException("resource " + file + " must be there");
                    }
                    return new GZIPInputStream(in, 1 << 16);
                };
        return JsonLinesSource.of("mail/" + file, opener, TextColumns.of("text", "label"));
    }

    /** {@code ham} with id 0 and {@code spam} with id 1. */
    public static LabelSet labels() {
        return LABELS;
    }

    /** SHA-256 over the three files that ship. */
    public static String hash() {
        StringBuilder lines = new StringBuilder();
        for (Part part : Part.values()) {
            try (InputStream in = MailSample.class.getResourceAsStream(fileName(part))) {
                lines.append(DataHash.sha256(in)).append("  ").append(fileName(part)).append('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return DataHash.sha256(lines.toString());
    }

    static String fileName(Part part) {
        return part.name().toLowerCase(Locale.ROOT) + ".jsonl.gz";
    }
}
