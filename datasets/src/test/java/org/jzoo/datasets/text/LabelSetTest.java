package org.jzoo.datasets.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class LabelSetTest {

    private static TextSource labelled(String... labels) {
        String csv =
                "text,label\n"
                        + IntStream.range(0, labels.length)
                                .mapToObj(i -> "t" + i + "," + labels[i] + "\n")
                                .collect(Collectors.joining());
        return DelimitedSource.of(
                "t.csv",
                () -> new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)),
                TextColumns.of("text", "label"),
                DelimitedFormat.CSV);
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void idsFollowTheOrderOfTheNames() {
        LabelSet labels = LabelSet.of("spam", "ham");
        assertEquals(0, labels.id("spam"));
        assertEquals(1, labels.id("ham"));
        assertEquals("ham", labels.name(1));
        assertEquals(2, labels.size());
        assertEquals(LabelSet.of(List.of("spam", "ham")), labels);
    }

    @Test
    void scanningSortsNamesByLetterAndNumbersByValue() {
        assertEquals(
                List.of("ham", "maybe", "spam"),
                LabelSet.scan(labelled("spam", "ham", "spam", "maybe")).names());
        assertEquals(
                List.of("-1", "2", "10"), LabelSet.scan(labelled("10", "2", "-1", "2")).names());
    }

    @Test
    void oneClassOnlyIsRefused() {
        assertMessage(
                "t.csv: labels must be at least 2 classes, got only \"ham\" in 3 rows",
                () -> LabelSet.scan(labelled("ham", "ham", "ham")));
        assertMessage(
                "t.csv: must hold at least one row, got none", () -> LabelSet.scan(labelled()));
    }

    @Test
    void aColumnOfTextIsNoLabelColumn() {
        String[] many = IntStream.range(0, 1200).mapToObj(i -> "label" + i).toArray(String[]::new);
        assertMessage(
                "t.csv row 1001: labels must be at most 1000 classes, got one more; "
                        + "is this the label column?",
                () -> LabelSet.scan(labelled(many)));
    }

    @Test
    void unknownNamesAndIdsAreRefused() {
        LabelSet labels = LabelSet.of("ham", "spam");
        assertMessage(
                "label must be one of [ham, spam], got label=spma; did you mean \"spam\"?",
                () -> labels.id("spma"));
        assertMessage(
                "label must be one of [ham, spam], got label=null", () -> labels.id((String) null));
        assertMessage("id must be in [0, 2), got id=2", () -> labels.name(2));
        assertMessage(
                "labels must be distinct, got labels=[a, b, a]", () -> LabelSet.of("a", "b", "a"));
        assertMessage("labels must not be empty, got labels=[]", LabelSet::of);
    }

    @Test
    void anUnknownLabelOfAnExampleIsNamedWithItsRow() {
        assertMessage(
                "t.csv row 7: label must be one of [ham, spam], got label=eggs",
                () ->
                        LabelSet.of("ham", "spam")
                                .id(labelled("ham"), TextExample.of(7, "x", "eggs")));
    }

    @Test
    void columnsAndTargetsMustAgree() {
        assertMessage(
                "label must be null exactly when target is NONE, got label=null, target=CLASS",
                () -> new TextColumns("text", null, null, TargetKind.CLASS));
        assertMessage(
                "label must be a finite number, got label=NaN",
                () -> TextExample.of(1, "x", "NaN").target());
        assertMessage("row must be >= 1, got row=0", () -> TextExample.of(0, "x", null));
        assertMessage(
                "delimiter must not be a quote or a line break, got delimiter=U+0022",
                () -> DelimitedFormat.CSV.withDelimiter('"'));
    }
}
