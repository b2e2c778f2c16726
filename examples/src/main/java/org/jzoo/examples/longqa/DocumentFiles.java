package org.jzoo.examples.longqa;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jzoo.datasets.document.PdfText;
import org.jzoo.zoo.document.LongText;
import org.jzoo.zoo.document.TextReader;

/** Documents by their files: PDFs, whatever their names, by {@link PdfText}, others as text. */
public final class DocumentFiles {

    private static final byte[] PDF = "%PDF-".getBytes(StandardCharsets.US_ASCII);

    private DocumentFiles() {}

    /** The document, opened when it is read. */
    public static LongText of(Path file) {
        return LongText.of(file, () -> open(file));
    }

    /** Opens a document at its beginning; the caller closes the reader. */
    public static Reader open(Path file) throws IOException {
        if (isPdf(file)) {
            return PdfText.open(file);
        }
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException("document must be a file, got " + file);
        }
        return new TextReader(Files.newInputStream(file), file.getFileName().toString());
    }

    /** Whether a file begins, or its name ends, like a PDF's. */
    public static boolean isPdf(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".pdf")
                || (Files.isRegularFile(file) && beginsLikePdf(file));
    }

    private static boolean beginsLikePdf(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(PDF, in.readNBytes(PDF.length));
        } catch (IOException e) {
            return false; // whoever reads it says so
        }
    }
}
