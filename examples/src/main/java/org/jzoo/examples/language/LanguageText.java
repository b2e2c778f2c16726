package org.jzoo.examples.language;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.text.DataException;
import org.jzoo.examples.longqa.DocumentFiles;
import org.jzoo.zoo.card.DataUse;
import org.jzoo.zoo.card.ModelCard;

/**
 * Plain texts of one file or folder.
 *
 * @param name what cards and logs call it; empty for none
 * @param hash SHA-256 of the files; empty if unknown
 * @param documents the texts in the order of their paths
 */
public record LanguageText(String name, String hash, List<String> documents) {

    /** No text. */
    public static final LanguageText NONE = new LanguageText("", "", List.of());

    private static final int PARTS = 10;
    private static final List<String> ENDINGS = List.of(".txt", ".md", ".pdf");

    /** Copies the list. */
    public LanguageText {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(hash, "hash");
        documents = List.copyOf(documents);
    }

    /**
     * Reads a text file or a PDF, or all {@code .txt}, {@code .md} and {@code .pdf} files under a
     * folder; blank ones are left out.
     *
     * @throws DataException if there is no text
     */
    public static LanguageText read(Path fileOrFolder) throws IOException {
        String name = fileOrFolder.getFileName().toString();
        List<String> documents = new ArrayList<>();
        for (Path file : files(fileOrFolder)) {
            StringWriter text = new StringWriter();
            try (Reader reader = DocumentFiles.open(file)) {
                reader.transferTo(text);
            }
            if (!text.toString().isBlank()) {
                documents.add(text.toString());
            }
        }
        if (documents.isEmpty()) {
            throw new DataException(
                    fileOrFolder.toString(),
                    Files.isDirectory(fileOrFolder)
                            ? "must hold .txt, .md or .pdf files with text, got none"
                            : "must hold text, got none");
        }
        return new LanguageText(name, DataHash.sha256(fileOrFolder), documents);
    }

    private static List<Path> files(Path fileOrFolder) throws IOException {
        if (!Files.isDirectory(fileOrFolder)) {
            return List.of(fileOrFolder);
        }
        try (Stream<Path> all = Files.walk(fileOrFolder)) {
            return all.filter(LanguageText::isText).sorted().toList();
        }
    }

    private static boolean isText(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(file) && ENDINGS.stream().anyMatch(name::endsWith);
    }

    /** Tells a card of it, if there is any. */
    public void into(ModelCard.Builder card, String split) {
        if (!documents.isEmpty()) {
            card.optData(new DataUse(name, split, documents.size(), hash));
        }
    }

    /** The documents, an empty line between them. */
    String joined() {
        return String.join("\n\n", documents);
    }

    boolean isEmpty() {
        return documents.isEmpty();
    }

    /** The first nine tenths of each document's characters, and the last tenths. */
    List<LanguageText> split() {
        List<String> starts = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        for (String document : documents) {
            int points = document.codePointCount(0, document.length());
            int cut = document.offsetByCodePoints(0, points - points / PARTS);
            starts.add(document.substring(0, cut));
            ends.add(document.substring(cut));
        }
        return List.of(new LanguageText(name, hash, starts), new LanguageText(name, hash, ends));
    }
}
