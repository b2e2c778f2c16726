package org.jzoo.datasets.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.datasets.text.DataException;

class LabelledTextsTest {

    @TempDir Path folder;

    private LabelledTexts read(String name, String content) throws IOException {
        return LabelledTexts.read(
                Files.writeString(folder.resolve(name), content), Files::newBufferedReader);
    }

    private static List<String> words(LabelledText text) {
        return text.spans().stream()
                .map(s -> text.text().substring(s.start(), s.end()) + "/" + s.label())
                .toList();
    }

    private static String json(String text, String... spans) {
        return "{\"text\": \"%s\", \"spans\": [%s]}\n".formatted(text, String.join(", ", spans));
    }

    private static String span(int start, int end, String label) {
        return "{\"start\": %d, \"end\": %d, \"label\": \"%s\"}".formatted(start, end, label);
    }

    @Test
    void readsSpansOfTextsAndOfNamedDocuments() throws IOException {
        Files.writeString(folder.resolve("note.txt"), "Bo lives in Oslo.");
        LabelledTexts texts =
                read(
                        "a.jsonl",
                        json("\uD83D\uDE00 Ann met Bo.", span(11, 13, "PER"), span(3, 7, "PER"))
                                + "\n{\"document\": \"note.txt\", \"spans\": ["
                                + span(12, 16, "LOC")
                                + "], \"source\": \"ignored\"}\n"
                                + json("nobody"));
        assertEquals(List.of("Ann/PER", "Bo/PER"), words(texts.texts().get(0))); // no blank
        assertEquals(new LabelledSpan(3, 6, "PER"), texts.texts().get(0).spans().get(0));
        assertEquals(List.of("Oslo/LOC"), words(texts.texts().get(1)));
        assertEquals("note.txt", texts.texts().get(1).name());
        assertEquals("row 4", texts.texts().get(2).name());
        assertEquals(Set.of("LOC", "PER"), texts.labels());
        assertEquals("3 texts with 3 labelled stretches of [LOC, PER]", texts.toString());
    }

    @Test
    void wrongLinesAreNamedWithTheirFaultAndRemedy() throws IOException {
        assertFault("row 2: a line must be one JSON object, got {no", json("a") + "{no");
        assertFault("row 1: a line must be one JSON object, got 5", "5");
        assertFault(
                "row 1: a span must lie in the text of 3 characters, its start before its end, got"
                        + " {\"start\":0,\"end\":4,\"label\":\"X\"}; they count UTF-16 units from"
                        + " 0, the end is after the last one",
                json("abc", span(0, 4, "X")));
        assertFault("row 1: a span must lie in the text", json("abc", span(-1, 2, "X")));
        assertFault("row 1: a span must lie in the text", json("abc", span(2, 2, "X")));
        assertFault(
                "row 1: spans must not overlap, got PER 0-5 and LOC 3-8; keep one of them",
                json("abcdefghij", span(3, 8, "LOC"), span(0, 5, "PER")));
        assertFault("row 1: a span must hold more than white space", json("a  b", span(1, 3, "X")));
        assertFault("row 1: label must be a name other than O", json("abc", span(0, 1, "B-PER")));
        assertFault("row 1: label must be a name other than O", json("abc", span(0, 1, "O")));
        assertFault("row 1: label must be a name other than O", json("abc", span(0, 1, " ")));
        assertFault(
                "row 1: spans must be a list, empty for a text without any, such as [{\"start\": 0,"
                        + " \"end\": 5, \"label\": \"PER\"}], got null",
                "{\"text\": \"abc\"}");
        assertFault(
                "row 1: start must be a whole number, got {\"start\":\"0\"}",
                "{\"text\": \"abc\", \"spans\": [{\"start\": \"0\"}]}");
        assertFault(
                "row 1: a span must be like {\"start\": 0, \"end\": 5, \"label\": \"PER\"}, got"
                        + " [0,1,\"X\"]",
                "{\"text\": \"abc\", \"spans\": [[0, 1, \"X\"]]}");
        assertFault(
                "row 1: a line must have the field text or the field document, got fields=[spans]",
                "{\"spans\": []}");
        assertFault("row 1: text must be a text, got {\"text\":5", "{\"text\": 5, \"spans\": []}");
        assertFault("row 1: a text must not be blank", json("  "));
        assertFault(
                "row 1: document must name a .txt, .md or .pdf file, got Ann met Bo; a text itself"
                        + " is the field text",
                "{\"document\": \"Ann met Bo\", \"spans\": []}");
        assertFault("none.txt: must be a file", "{\"document\": \"none.txt\", \"spans\": []}");
        assertFault("bad.jsonl: must hold labelled texts, got none", "\n\n");
    }

    private void assertFault(String message, String content) {
        String found =
                assertThrows(DataException.class, () -> read("bad.jsonl", content)).getMessage();
        assertTrue(found.contains(message), found);
        assertTrue(found.contains("bad.jsonl"), found);
    }

    @Test
    void aMissingFileIsNamed() {
        assertEquals(
                folder.resolve("none.conll") + ": must be a .jsonl or CoNLL file, got no such file",
                assertThrows(
                                DataException.class,
                                () ->
                                        LabelledTexts.read(
                                                folder.resolve("none.conll"),
                                                Files::newBufferedReader))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I-ORG O I-LOC I-LOC B-LOC I-PER", // IOB1
                "B-ORG O B-LOC I-LOC B-LOC B-PER", // IOB2
                "S-ORG O B-LOC E-LOC S-LOC S-PER", // BIOES
                "U-ORG O B-LOC L-LOC U-LOC U-PER" // BILOU
            })
    void allSchemesMeanTheSameStretches(String tags) throws IOException {
        String[] words = "EU in New York Paris Ann".split(" ", -1);
        StringBuilder file = new StringBuilder("-DOCSTART- -X- -X- O\n\n");
        String[] all = tags.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            file.append(words[i]).append(" NNP\tI-NP ").append(all[i]).append('\n');
        }
        LabelledTexts texts = read("eng.train", file + "\n\nrest O\n");
        assertEquals(2, texts.texts().size());
        LabelledText first = texts.texts().get(0);
        assertEquals("EU in New York Paris Ann", first.text());
        assertEquals(List.of("EU/ORG", "New York/LOC", "Paris/LOC", "Ann/PER"), words(first));
        assertEquals("row 3", first.name());
        assertEquals("rest", texts.texts().get(1).text());
    }

    @Test
    void aStretchEndsWithItsSentence() throws IOException {
        LabelledTexts texts = read("a.conll", "Ann B-PER\n\nBo B-PER\n-DOCSTART- O\nCy B-PER");
        assertEquals(
                List.of(List.of("Ann/PER"), List.of("Bo/PER"), List.of("Cy/PER")),
                texts.texts().stream().map(LabelledTextsTest::words).toList());
    }

    @Test
    void wrongTagsAreNamedWithTheirLineAndRemedy() {
        assertTagFault(
                "row 3: tags of IOB2 must not have I-LOC after B-PER; begin each stretch with B-",
                "a O\nAnn B-PER\nParis I-LOC\n");
        assertTagFault(
                "row 2: tags of BIOES must not have E-LOC after S-PER; begin stretches with B-, end"
                        + " them with E-, and tag those of one token S-",
                "Ann S-PER\nParis E-LOC\n");
        assertTagFault(
                "row 1: tags of BIOES must not have the end of a sentence after B-PER;",
                "Ann B-PER\n\nBo S-PER\n");
        assertTagFault(
                "row 1: the last column must be a tag: O, or B-, I-, E- or S- and a label, got PER",
                "Ann PER\n");
        assertTagFault("row 1: the last column must be a tag", "Ann B-\n");
        assertTagFault(
                "row 1: a line must have a token and its tag in columns, got Ann; a file of JSON"
                        + " lines must end in .jsonl",
                "Ann\n");
        assertTagFault("must hold labelled texts, got none", "-DOCSTART- -X- O O\n\n");
        assertTagFault("must hold labelled texts, got none", "");
    }

    private void assertTagFault(String message, String content) {
        String found =
                assertThrows(DataException.class, () -> read("bad.conll", content)).getMessage();
        assertTrue(found.contains("bad.conll"), found);
        assertTrue(found.contains(message), found);
    }

    @Test
    void unpacksGzip() throws IOException {
        Path file = folder.resolve("a.jsonl.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(json("Ann", span(0, 3, "PER")).getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(1, LabelledTexts.read(file, Files::newBufferedReader).spans());
    }

    @Test
    void theSplitKeepsEqualTextsTogether() {
        List<LabelledText> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(new LabelledText("row " + i, "text " + i % 30, List.of()));
        }
        List<LabelledTexts> parts = new LabelledTexts("a", "", all).split();
        assertEquals(54, parts.get(0).texts().size());
        assertEquals(6, parts.get(1).texts().size());
        Set<String> learned = new HashSet<>();
        parts.get(0).texts().forEach(text -> learned.add(text.text()));
        assertTrue(parts.get(1).texts().stream().noneMatch(t -> learned.contains(t.text())));
    }

    @Test
    void textsCheckTheirSpans() {
        assertTrue(
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new LabelledText(
                                                "a", "abc", List.of(new LabelledSpan(1, 4, "X"))))
                        .getMessage()
                        .startsWith("spans must end within the text of 3 characters, got X 1-4;"));
    }
}
