package org.jzoo.datasets.document;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.io.RandomAccessReadBufferedFile;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jzoo.datasets.text.DataException;

/**
 * The text of a PDF, page by page as it is read, a form feed between two pages: the page of a
 * character is one more than the form feeds before it. Holds one page.
 */
public final class PdfText extends Reader {

    private final String name;
    private final PDDocument document;
    private final PDFTextStripper stripper;
    private String page = "";
    private int at;
    private int pages;
    private boolean blank = true;

    private PdfText(String name, PDDocument document) throws IOException {
        this.name = name;
        this.document = document;
        stripper = new PDFTextStripper();
        stripper.setLineSeparator("\n");
        stripper.setPageEnd("");
        stripper.setSortByPosition(false);
    }

    /**
     * Opens a PDF.
     *
     * @throws DataException if it is none, is damaged or needs a password
     */
    public static PdfText open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file.toString(), "must be a PDF, got no such file");
        }
        PDDocument document;
        try {
            document =
                    Loader.loadPDF(
                            new RandomAccessReadBufferedFile(file.toFile()),
                            IOUtils.createTempFileOnlyStreamCache());
        } catch (InvalidPasswordException e) {
            throw new DataException(
                    file.toString(), "must be readable without a password, got an encrypted PDF");
        } catch (IOException e) {
            throw new DataException(file.toString(), "must be a PDF, got " + e.getMessage());
        }
        try {
            return new PdfText(file.toString(), document);
        } catch (IOException | RuntimeException e) {
            document.close();
            throw e;
        }
    }

    /** How many pages it has. */
    public int numPages() {
        return document.getNumberOfPages();
    }

    /**
     * Reads some characters.
     *
     * @throws DataException at the end if there was nothing but pictures
     */
    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        while (at == page.length() && pages < numPages()) {
            turn();
        }
        if (length == 0) {
            return 0;
        }
        if (at == page.length()) {
            if (blank) {
                throw new DataException(
                        name,
                        "must hold text, got %d pages without any; scanned pages need character recognition first"
                                .formatted(numPages()));
            }
            return -1;
        }
        int count = Math.min(length, page.length() - at);
        page.getChars(at, at + count, target, offset);
        at += count;
        return count;
    }

    private void turn() throws IOException {
        pages++;
        stripper.setStartPage(pages);
        stripper.setEndPage(pages);
        // A form feed within a page would be counted as one between pages.
        String text = stripper.getText(document).replace('\f', ' ');
        blank &= text.isBlank();
        page = pages == 1 ? text : "\f" + text;
        at = 0;
    }

    @Override
    public void close() throws IOException {
        document.close();
    }
}
