package org.jzoo.datasets.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelimitedSourceTest {

    private static final TextColumns COLUMNS = TextColumns.of("text", "label");

    private static TextSource csv(byte[] bytes) {
        return DelimitedSource.of(
                "t.csv", () -> new ByteArrayInputStream(bytes), COLUMNS, DelimitedFormat.CSV);
    }

    private static TextSource csv(String text) {
        return csv(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<TextExample> read(TextSource source) {
        try (Stream<TextExample> examples = source.stream()) {
            return examples.toList();
        }
    }

    private static void assertFault(String message, TextSource source) {
        assertEquals(message, assertThrows(DataException.class, () -> read(source)).getMessage());
    }

    @Test
    void readsQuotesDelimitersAndLineBreaksInFields() {
        assertEquals(
                List.of(
                        TextExample.of(1, "He said \"no\", twice", "a"),
                        TextExample.of(2, "two\nlines", "b"),
                        TextExample.of(3, "it's 5\" wide", "a")),
                read(
                        csv(
                                """
                                label,x,text
                                a,1,"He said ""no"", twice"
                                b,2,"two
                                lines"\r
                                a,3,it's 5" wide\
                                """)));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstColumn() {
        assertEquals(
                List.of(TextExample.of(1, "h\u00e9", "a")),
                read(csv("\ufefftext,label\nh\u00e9,a\n")));
        assertEquals(
                List.of(TextExample.of(1, "h\u00e9", "a")), read(csv("text,label\nh\u00e9,a\n")));
    }

    @Test
    void charactersBeyondTheBasicPlaneSurviveBufferBorders() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            text.append(i % 3 == 0 ? "\ud83d\ude00" : i % 3 == 1 ? "\u6f22" : "x");
        }
        for (int shift = 0; shift < 5; shift++) {
            String shifted = "y".repeat(shift) + text;
            assertEquals(shifted, read(csv("text,label\n" + shifted + ",a\n")).get(0).text());
        }
    }

    @Test
    void malformedUtf8IsNamedWithRowLineAndOffset() {
        byte[] bytes =
                "text,label\nfine,a\n\"two\nlines\",b\nb?d,a\n".getBytes(StandardCharsets.UTF_8);
        bytes[new String(bytes, StandardCharsets.UTF_8).indexOf('?')] = (byte) 0xE9;
        assertFault(
                "t.csv row 3 (line 5): text must be valid UTF-8, got byte E9 at offset 33, line 5; "
                        + "save the file as UTF-8",
                csv(bytes));
    }

    @Test
    void rowsBeforeMalformedUtf8AreStillRead() {
        byte[] bytes = "text,label\nfine,a\nb?d,a\n".getBytes(StandardCharsets.UTF_8);
        bytes[new String(bytes, StandardCharsets.UTF_8).indexOf('?')] = (byte) 0xFF;
        try (Stream<TextExample> examples = csv(bytes).stream()) {
            Iterator<TextExample> rows = examples.iterator();
            assertEquals("fine", rows.next().text());
            assertEquals(2, assertThrows(DataException.class, rows::next).row());
        }
    }

    @Test
    void aTruncatedCharacterAtTheEndIsMalformed() {
        byte[] whole = "text,label\nx,caf\u00e9".getBytes(StandardCharsets.UTF_8);
        assertFault(
                "t.csv row 1 (line 2): text must be valid UTF-8, got byte C3 at offset 16, line 2; "
                        + "save the file as UTF-8",
                csv(Arrays.copyOf(whole, whole.length - 1)));
    }

    @Test
    void utf16IsRefused() {
        assertFault(
                "t.csv row 1 (line 1): text must be UTF-8, got a UTF-16 byte-order mark; "
                        + "save the file as UTF-8",
                csv("text,label\nx,a\n".getBytes(StandardCharsets.UTF_16)));
    }

    @Test
    void aMissingColumnIsNamedWithTheColumnsThatAreThere() {
        assertFault(
                "t.csv: column text must exist, got columns=[id, txt, label]; did you mean"
                        + " \"txt\"?",
                csv("id,txt,label\n1,x,a\n"));
        assertFault(
                "t.csv: column label must exist, got columns=[text, sentiment]",
                csv("text,sentiment\nx,a\n"));
    }

    @Test
    void theWrongDelimiterIsGuessed() {
        assertFault(
                "t.csv: column text must exist, got columns=[text;label]; the delimiter seems to be"
                        + " ';'",
                csv("text;label\nx;a\n"));
    }

    @Test
    void aColumnThatIsThereTwiceIsRefused() {
        assertFault(
                "t.csv: column text must be there once, got columns=[text, text, label]",
                csv("text,text,label\nx,y,a\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\"\"", "\"\n \""})
    void emptyTextIsNamedWithItsRowAndLine(String empty) {
        DataException e =
                assertThrows(
                        DataException.class,
                        () -> read(csv("text,label\n\"x\ny\",a\n" + empty + ",a\n")));
        assertTrue(
                e.getMessage()
                        .startsWith("t.csv row 2 (line 4): column text must not be empty, got \""),
                e.getMessage());
    }

    @Test
    void aMissingLabelIsNamed() {
        assertFault(
                "t.csv row 1 (line 2): column label must not be empty, got \"\"",
                csv("text,label\nx,\n"));
    }

    @Test
    void labelsLoseSpacesAround() {
        assertEquals("a", read(csv("text,label\nx, a \n")).get(0).label());
    }

    @Test
    void aRowWithTooManyOrTooFewFieldsIsNamed() {
        assertFault(
                "t.csv row 2 (line 3): a row must have as many fields as the header, got fields=3, "
                        + "header=2 [text, label]; a field that holds the delimiter must stand in "
                        + "quotes",
                csv("text,label\nx,a\nx, y,a\n"));
        assertFault(
                "t.csv row 1 (line 2): a row must have as many fields as the header, got fields=1, "
                        + "header=2 [text, label]",
                csv("text,label\nx\n"));
    }

    @Test
    void aQuoteThatIsNeverClosedIsNamedWithItsRow() {
        assertFault(
                "t.csv row 2 (line 3): a quoted field must be closed before the end of the file; "
                        + "if quotes mean nothing in this file, read it as unquoted",
                csv("text,label\nx,a\n\"y,a\nz,b\n"));
    }

    @Test
    void textAfterAClosingQuoteIsNamedWithItsRow() {
        assertFault(
                "t.csv row 1 (line 2): a closing quote must be followed by the delimiter or the end"
                        + " of the line; a quote inside a quoted field is written twice",
                csv("text,label\n\"x\" y,a\n"));
    }

    @Test
    void aRecordBeyondMemoryEndsWithAnErrorInsteadOfAnEmptyHeap() {
        // A quote opened in front of an endless rest: the reader must give up long before the heap.
        DelimitedSource endless =
                DelimitedSource.of(
                        "t.csv",
                        () ->
                                new SequenceInputStream(
                                        new ByteArrayInputStream(
                                                "text,label\nx,a\n\""
                                                        .getBytes(StandardCharsets.UTF_8)),
                                        new Endless()),
                        COLUMNS,
                        DelimitedFormat.CSV);
        assertFault(
                "t.csv row 2 (line 3): a record must be at most 16777216 characters long; "
                        + "was a quote opened and not closed?",
                endless);
    }

    private static final class Endless extends InputStream {
        @Override
        public int read() {
            return 'z';
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Arrays.fill(target, offset, offset + length, (byte) 'z');
            return length;
        }
    }

    @Test
    void anEmptyFileHasNoHeader() {
        assertFault("t.csv: a header row must be there, got an empty file", csv(""));
    }

    @Test
    void blankLinesAreNoRows() {
        assertEquals(2, read(csv("text,label\n\nx,a\n\n\ny,b\n\n")).size());
    }

    @Test
    void badRowsCanBeReportedAndSkipped() {
        List<String> faults = new ArrayList<>();
        DelimitedSource source =
                DelimitedSource.of(
                                "t.csv",
                                () ->
                                        new ByteArrayInputStream(
                                                "text,label\nx,a\n,a\ny\nz,b\nw,\n"
                                                        .getBytes(StandardCharsets.UTF_8)),
                                COLUMNS,
                                DelimitedFormat.CSV)
                        .skippingBadRows(fault -> faults.add("row " + fault.row()));
        assertEquals(
                List.of(TextExample.of(1, "x", "a"), TextExample.of(4, "z", "b")), read(source));
        assertEquals(List.of("row 2", "row 3", "row 5"), faults);
    }

    @Test
    void readsPairsAndNumbers() {
        TextSource source =
                DelimitedSource.of(
                        "t.tsv",
                        () ->
                                new ByteArrayInputStream(
                                        "a\tb\ts\nx\ty\t2.50\nu\tv\t1e\n"
                                                .getBytes(StandardCharsets.UTF_8)),
                        TextColumns.pair("a", "b", "s").regression(),
                        DelimitedFormat.TSV);
        try (Stream<TextExample> examples = source.stream()) {
            Iterator<TextExample> rows = examples.iterator();
            TextExample first = rows.next();
            assertEquals("y", first.pair());
            assertEquals(2.5, first.target());
            assertEquals(
                    "t.tsv row 2 (line 3): column s must be a finite number, got s=\"1e\"",
                    assertThrows(DataException.class, rows::next).getMessage());
        }
    }

    @Test
    void unlabelledTextNeedsNoLabelColumn() {
        TextSource source =
                DelimitedSource.of(
                        "t.csv",
                        () ->
                                new ByteArrayInputStream(
                                        "text\nx\n".getBytes(StandardCharsets.UTF_8)),
                        COLUMNS.withoutLabel(),
                        DelimitedFormat.CSV);
        assertEquals(List.of(TextExample.of(1, "x", null)), read(source));
        assertEquals(TargetKind.NONE, source.target());
    }

    @Test
    void unquotedFilesKeepTheirQuotes() {
        TextSource source =
                DelimitedSource.of(
                        "t.tsv",
                        () ->
                                new ByteArrayInputStream(
                                        "a\t\"open\n".getBytes(StandardCharsets.UTF_8)),
                        COLUMNS,
                        DelimitedFormat.TSV_UNQUOTED.withHeader("label", "text"));
        assertEquals(List.of(TextExample.of(1, "\"open", "a")), read(source));
    }

    @Test
    void everyPassStartsAtTheFirstRowAndClosesItsFile() {
        AtomicInteger open = new AtomicInteger();
        TextSource source =
                DelimitedSource.of(
                        "t.csv",
                        () -> {
                            open.incrementAndGet();
                            return new ByteArrayInputStream(
                                    "text,label\nx,a\ny,b\n".getBytes(StandardCharsets.UTF_8)) {
                                @Override
                                public void close() {
                                    open.decrementAndGet();
                                }
                            };
                        },
                        COLUMNS,
                        DelimitedFormat.CSV);
        assertEquals(2, source.count());
        assertEquals(1, source.first(1).count());
        assertEquals(1, source.where(e -> e.label().equals("b")).count());
        try (Stream<TextExample> half = source.stream()) {
            half.iterator().next();
            assertEquals(1, open.get());
        }
        assertEquals(0, open.get());
    }

    @Test
    void aHundredThousandRowsStreamInLittleMemory(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("big.csv");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("text,label\n");
            String filler = "word ".repeat(200);
            for (int i = 0; i < 100_000; i++) {
                out.write("\"row " + i + ", " + filler + "\"," + (i % 2) + "\n");
            }
        }
        assertTrue(Files.size(file) > 100_000_000L);
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long before = runtime.totalMemory() - runtime.freeMemory();
        long most = 0;
        long rows = 0;
        try (Stream<TextExample> examples = TextFiles.open(file, COLUMNS).stream()) {
            for (Iterator<TextExample> i = examples.iterator(); i.hasNext(); i.next()) {
                if (++rows % 20_000 == 0) {
                    System.gc();
                    most = Math.max(most, runtime.totalMemory() - runtime.freeMemory() - before);
                }
            }
        }
        assertEquals(100_000, rows);
        assertTrue(most < 10_000_000, "live bytes above the start: " + most);
    }
}
