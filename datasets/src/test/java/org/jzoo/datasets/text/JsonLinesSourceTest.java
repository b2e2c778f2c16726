package org.jzoo.datasets.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JsonLinesSourceTest {

    private static JsonLinesSource source(String text) {
        return source(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonLinesSource source(byte[] bytes) {
        return JsonLinesSource.of(
                "t.jsonl", () -> new ByteArrayInputStream(bytes), TextColumns.of("text", "label"));
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
    void readsStringsNumbersAndBooleansAsLabels() {
        assertEquals(
                List.of(
                        TextExample.of(1, "a\n\"b\"", "yes"),
                        TextExample.of(2, "h\u00e9", "1"),
                        TextExample.of(4, "c", "true")),
                read(
                        source(
                                """
                                \ufeff{"text":"a\\n\\"b\\"","label":"yes","x":[1]}
                                {"label":1,"text":"h\u00e9"}\r
                                \s
                                {"text":"c","label":true}\
                                """)));
    }

    @Test
    void aLineThatIsNoObjectIsNamed() {
        assertFault(
                "t.jsonl row 2: a line must be one JSON object, got {\"text\": oops",
                source("{\"text\":\"a\",\"label\":1}\n{\"text\": oops\n"));
        assertFault("t.jsonl row 1: a line must be one JSON object, got [1]", source("[1]\n"));
    }

    @Test
    void aMissingFieldIsNamedWithTheFieldsThatAreThere() {
        assertFault(
                "t.jsonl row 1: column text must exist, got columns=[txet, label]; "
                        + "did you mean \"txet\"?",
                source("{\"txet\":\"a\",\"label\":1}\n"));
    }

    @Test
    void nullEmptyAndNestedValuesAreRefused() {
        assertFault(
                "t.jsonl row 1: column label must not be empty, got nothing",
                source("{\"text\":\"a\",\"label\":null}\n"));
        assertFault(
                "t.jsonl row 1: column text must not be empty, got \" \"",
                source("{\"text\":\" \",\"label\":1}\n"));
        assertFault(
                "t.jsonl row 1: column label must be a string or a number, got {\"a\":1}",
                source("{\"text\":\"x\",\"label\":{\"a\":1}}\n"));
    }

    @Test
    void malformedUtf8IsNamedWithItsRow() {
        byte[] bytes =
                "{\"text\":\"a\",\"label\":1}\n{\"text\":\"?\",\"label\":1}\n"
                        .getBytes(StandardCharsets.UTF_8);
        bytes[34] = (byte) 0x80;
        assertFault(
                "t.jsonl row 2: text must be valid UTF-8, got byte 80 at offset 34, line 2; "
                        + "save the file as UTF-8",
                source(bytes));
    }

    @Test
    void badRowsCanBeReportedAndSkipped() {
        List<Long> faults = new ArrayList<>();
        assertEquals(
                List.of(TextExample.of(3, "b", "2")),
                read(
                        source(
                                        """
                                        nonsense
                                        {"text":"","label":1}
                                        {"text":"b","label":2}
                                        """)
                                .skippingBadRows(fault -> faults.add(fault.row()))));
        assertEquals(List.of(1L, 2L), faults);
    }
}
