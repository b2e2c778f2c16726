package org.jzoo.datasets.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.text.DataException;

class PdfTextTest {

    @TempDir Path folder;

    @Test
    void pagesAreSeparatedByFormFeeds() throws IOException {
        Path file = pdf(null, "First page.", "", "Third page.");
        try (PdfText text = PdfText.open(file)) {
            assertEquals(3, text.numPages());
            StringWriter all = new StringWriter();
            text.transferTo(all);
            assertEquals("First page.\f\fThird page.", all.toString());
        }
    }

    @Test
    void readsCharacterByCharacter() throws IOException {
        try (PdfText text = PdfText.open(pdf(null, "ab", "c"))) {
            StringBuilder all = new StringBuilder();
            for (int c = text.read(); c >= 0; c = text.read()) {
                all.append((char) c);
            }
            assertEquals("ab\fc", all.toString());
            assertEquals(-1, text.read());
        }
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        Path scanned = pdf(null, "", "");
        assertEquals(
                scanned
                        + ": must hold text, got 2 pages without any; scanned pages need character"
                        + " recognition first",
                assertThrows(
                                DataException.class,
                                () -> {
                                    try (PdfText text = PdfText.open(scanned)) {
                                        text.transferTo(new StringWriter());
                                    }
                                })
                        .getMessage());
        Path locked = pdf("secret", "text");
        assertEquals(
                locked + ": must be readable without a password, got an encrypted PDF",
                assertThrows(DataException.class, () -> PdfText.open(locked)).getMessage());
        Path broken = Files.writeString(folder.resolve("broken.pdf"), "not at all");
        assertTrue(
                assertThrows(DataException.class, () -> PdfText.open(broken))
                        .getMessage()
                        .startsWith(broken + ": must be a PDF, got "));
    }

    private Path pdf(String password, String... pages) throws IOException {
        Path file = Files.createTempFile(folder, "made", ".pdf");
        try (PDDocument document = new PDDocument()) {
            for (String words : pages) {
                PDPage page = new PDPage();
                document.addPage(page);
                try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                    content.beginText();
                    content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                    content.newLineAtOffset(70, 700);
                    content.showText(words);
                    content.endText();
                }
            }
            if (password != null) {
                document.protect(
                        new StandardProtectionPolicy(password, password, new AccessPermission()));
            }
            document.save(file.toFile());
        }
        return file;
    }
}
