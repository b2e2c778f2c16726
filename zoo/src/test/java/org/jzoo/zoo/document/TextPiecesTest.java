package org.jzoo.zoo.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextPiecesTest {

    @Test
    void cutsBetweenAWordAndTheBlankAfterIt() {
        assertEquals(
                List.of("one two three", " four five six", " seven"),
                texts("one two three four five six seven", 16));
    }

    @Test
    void prefersAWordsEndToAPunctuationMarks() {
        assertEquals(List.of("abcdefghij", " kl. mnopqr"), texts("abcdefghij kl. mnopqr", 16));
    }

    @Test
    void cutsLongWordsBesideSignsAndCountsOtherCutsAsForced() {
        assertEquals(
                List.of("aaaaaaaaaaaa", "/bbbbbbbbbbbbbbb"),
                texts("aaaaaaaaaaaa/bbbbbbbbbbbbbbb", 16));
        List<TextPiece> pieces = pieces("a".repeat(40), 16);
        assertEquals(List.of(16, 16, 8), pieces.stream().map(p -> p.text().length()).toList());
        assertEquals(List.of(true, true, false), pieces.stream().map(TextPiece::forced).toList());
    }

    @Test
    void neverCutsAPairOrAMarkFromItsLetter() {
        for (String unit : List.of("😀", "e\u0301", "\uD83D\uDC69\u200D\uD83D\uDE80")) {
            for (int shift = 0; shift < unit.length(); shift++) {
                String text = "x".repeat(shift) + unit.repeat(30);
                for (TextPiece piece : pieces(text, 16)) {
                    String own = piece.text();
                    assertFalse(Character.isLowSurrogate(own.charAt(0)), own);
                    assertFalse(own.charAt(0) == '\u0301' || own.charAt(0) == '\u200D', own);
                    assertFalse(Character.isHighSurrogate(own.charAt(own.length() - 1)), own);
                }
            }
        }
    }

    @Test
    void cutsEvenWhatIsAllMarks() {
        List<String> texts = texts("\u0301".repeat(50), 16);
        assertEquals("\u0301".repeat(50), String.join("", texts));
        assertTrue(texts.stream().allMatch(t -> t.length() <= 16));
    }

    @Test
    void putsTheReplacementForHalfAPair() {
        assertEquals(List.of("a\uFFFDb\uFFFD"), texts("a\uD83Db\uDE00", 16));
    }

    @Test
    void piecesJoinToTheTextAndTellTheirOffsets() {
        Random random = new Random(3);
        String alphabet = "ab é漢😀 \n.,'-\t\u0301";
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(200); i > 0; i--) {
                int at = random.nextInt(alphabet.length());
                if (!Character.isSurrogate(alphabet.charAt(at))) {
                    text.append(alphabet.charAt(at));
                } else {
                    text.append("😀");
                }
            }
            long end = 0;
            for (TextPiece piece : pieces(text.toString(), 16 + random.nextInt(30))) {
                assertEquals(end, piece.start());
                end = piece.end();
                assertEquals(text.substring((int) piece.start(), (int) end), piece.text());
            }
            assertEquals(text.length(), end);
        }
    }

    @Test
    void cutsAlikeHoweverTheReaderDelivers() {
        String text = "some words of a text, and then some more of them. ".repeat(20);
        Reader slow =
                new StringReader(text) {
                    @Override
                    public int read(char[] target, int offset, int length)
                            throws java.io.IOException {
                        return super.read(target, offset, Math.min(3, length));
                    }
                };
        List<TextPiece> pieces = new ArrayList<>();
        new TextPieces(slow, 50, 0).forEachRemaining(pieces::add);
        assertEquals(pieces(text, 50), pieces);
        // From the start of a piece on, the rest is cut as before.
        List<TextPiece> rest = new ArrayList<>();
        new TextPieces(new StringReader(text), 50, pieces.get(3).start())
                .forEachRemaining(rest::add);
        assertEquals(pieces.subList(3, pieces.size()), rest);
    }

    @Test
    void refusesAStartPastTheEnd() {
        assertEquals(
                "start must be within the text, got start=9, length=5",
                assertThrows(
                                UncheckedIOException.class,
                                () -> new TextPieces(new StringReader("short"), 16, 9))
                        .getCause()
                        .getMessage());
    }

    private static List<TextPiece> pieces(String text, int length) {
        List<TextPiece> pieces = new ArrayList<>();
        new TextPieces(new StringReader(text), length, 0).forEachRemaining(pieces::add);
        return pieces;
    }

    private static List<String> texts(String text, int length) {
        return pieces(text, length).stream().map(TextPiece::text).toList();
    }
}
