package org.jzoo.datasets.label;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.document.DocumentOpener;
import org.jzoo.datasets.text.DataException;

/**
 * Labelled texts of one file.
 *
 * @param name what cards and logs call the file; empty for none
 * @param hash SHA-256 of the file; empty if unknown
 * @param texts in their order
 */
public record LabelledTexts(String name, String hash, List<LabelledText> texts) {

    /** No texts. */
    public static final LabelledTexts NONE = new LabelledTexts("", "", List.of());

    private static final int PARTS = 10;
    private static final int SHOWN = 20;

    /** Copies the list. */
    public LabelledTexts {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(hash, "hash");
        texts = List.copyOf(texts);
    }

    /**
     * Reads a file: {@code .jsonl} or {@code .ndjson} as {@link SpanLines} does, any other as
     * {@link ConllSentences} does, both also with {@code .gz}.
     *
     * @param opener reads documents that a file names
     * @throws DataException if it cannot be read, is not of its form, or holds no text
     */
    public static LabelledTexts read(Path file, DocumentOpener opener) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    file.toString(), "must be a .jsonl or CoNLL file, got no such file");
        }
        String lower = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
        boolean json = plain.endsWith(".jsonl") || plain.endsWith(".ndjson");
        List<LabelledText> texts;
        try {
            texts = json ? SpanLines.read(file, opener) : ConllSentences.read(file);
        } catch (IOException e) {
            throw new DataException(file.toString(), "must be readable, got " + e.getMessage());
        }
        if (texts.isEmpty()) {
            throw new DataException(file.toString(), "must hold labelled texts, got none");
        }
        return new LabelledTexts(file.getFileName().toString(), DataHash.sha256(file), texts);
    }

    /** Whether there are no texts. */
    public boolean isEmpty() {
        return texts.isEmpty();
    }

    /** The labels of all stretches. */
    public SortedSet<String> labels() {
        SortedSet<String> labels = new TreeSet<>();
        texts.forEach(text -> text.spans().forEach(span -> labels.add(span.label())));
        return labels;
    }

    /** The number of stretches. */
    public int spans() {
        return texts.stream().mapToInt(text -> text.spans().size()).sum();
    }

    /**
     * The texts without a tenth of the different ones, and that tenth. The texts' hashes choose, so
     * that equal texts stay together.
     */
    public List<LabelledTexts> split() {
        TreeSet<String> hashes = new TreeSet<>();
        texts.forEach(text -> hashes.add(DataHash.sha256(text.text())));
        Collection<String> apart =
                hashes.stream()
                        .limit(hashes.size() / PARTS)
                        .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
        List<LabelledText> learned = new ArrayList<>();
        List<LabelledText> watched = new ArrayList<>();
        for (LabelledText text : texts) {
            (apart.contains(DataHash.sha256(text.text())) ? watched : learned).add(text);
        }
        return List.of(
                new LabelledTexts(name, hash, learned), new LabelledTexts(name, hash, watched));
    }

    @Override
    public String toString() {
        SortedSet<String> labels = labels();
        return "%,d texts with %,d labelled stretches of %s"
                .formatted(
                        texts.size(),
                        spans(),
                        labels.size() <= SHOWN ? labels : labels.size() + " labels");
    }
}
