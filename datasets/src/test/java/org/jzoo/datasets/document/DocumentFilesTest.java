package org.jzoo.datasets.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.longtext.Span;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextFiles;

class DocumentFilesTest {

    private static final TextColumns COLUMNS =
            new TextColumns("document", "question", "answer", TargetKind.CLASS);

    @TempDir Path folder;

    @Test
    void rowsNameFilesOrHoldTheText() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "The lamp is in the hall.");
        Path file = folder.resolve("q.csv");
        Files.writeString(
                file,
                """
                question,answer,document
                Where is the lamp?,the hall,a.txt
                What is in the hall?,lamp,a.txt
                Who sings?,Ann,"Ann sings, Bob listens."
                Who plays?,Eve,a.txt
                Who left?,Tom,missing.txt
                """);
        DocumentQuestions read = DocumentQuestions.read(file, COLUMNS, Files::newBufferedReader);
        assertEquals(3, read.questions().size());
        DocumentQuestion first = read.questions().get(0);
        assertEquals("a.txt", first.document());
        assertEquals(new Span(15, 23), first.answer());
        assertEquals("the hall", first.answerText());
        assertSame(first.text(), read.questions().get(1).text());
        assertEquals("row 3", read.questions().get(2).document());
        assertEquals(
                List.of(
                        file + " row 4: a.txt: must hold the answer \"Eve\", got none in it",
                        file
                                + " row 5: "
                                + folder.toAbsolutePath().resolve("missing.txt")
                                + ": must be a file, got no such file"),
                read.unmatched().stream().map(DataException::getMessage).toList());
    }

    @Test
    void readsJsonLinesAndRefusesAFileWithoutAMatch() throws IOException {
        Path file = folder.resolve("q.jsonl");
        Files.writeString(
                file,
                """
                {"question": "Who?", "answer": "ann", "document": "Ann sings."}
                """);
        assertEquals(
                "Ann",
                DocumentQuestions.read(file, COLUMNS, Files::newBufferedReader)
                        .questions()
                        .get(0)
                        .answerText());
        Files.writeString(
                file,
                """
                {"question": "Who?", "answer": "Eve", "document": "Ann sings."}
                """);
        assertTrue(
                assertThrows(
                                DataException.class,
                                () ->
                                        DocumentQuestions.read(
                                                file, COLUMNS, Files::newBufferedReader))
                        .getMessage()
                        .startsWith(file + ": must hold an answer that stands in its document"));
    }

    @Test
    void textsToBeClassifiedMayLieInFiles() throws IOException {
        Files.createDirectories(folder.resolve("mine/good"));
        Files.createDirectories(folder.resolve("mine/bad"));
        Files.writeString(folder.resolve("mine/good/1.txt"), "fine");
        Files.writeString(folder.resolve("mine/bad/2.txt"), "poor");
        Files.writeString(folder.resolve("mine/bad/2.png"), "no text");
        DocumentSource source =
                DocumentSource.folder(folder.resolve("mine"), Files::newBufferedReader);
        assertEquals(
                List.of("1 poor bad", "2 fine good"),
                source.stream().map(e -> e.row() + " " + e.text() + " " + e.label()).toList());

        Path rows = folder.resolve("rows.csv");
        Files.writeString(rows, "text,label\nmine/good/1.txt,x\nwritten out,y\n");
        DocumentSource named =
                new DocumentSource(
                        TextFiles.open(rows, TextColumns.of("text", "label")),
                        folder,
                        Files::newBufferedReader);
        assertEquals(List.of("fine", "written out"), named.stream().map(e -> e.text()).toList());
    }

    @Test
    void statisticsCountWords() {
        String text = "One two three: four, five.";
        DocumentQuestion question =
                new DocumentQuestion("d", text, "?", new Span(15, 25), List.of(new Span(0, 26)));
        assertEquals(
                new DocumentStatistics(1, 2, 5, 5, 2, 3, 3),
                DocumentStatistics.of(List.of(question, question)));
        assertEquals(
                "spans must end within the text, got end=27, length=26",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new DocumentQuestion(
                                                "d", text, "?", new Span(15, 27), List.of()))
                        .getMessage());
    }
}
