package org.jzoo.zoo.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.zoo.testing.TinyModels;
import org.jzoo.zoo.text.WordPieceVocabulary.Reduced;

final class WordPieceVocabularyTest {

    private static final String KNOWN = "A surprisingly tender film, naïve at times.";

    private static Reduced keeping(TextTokenizer whole, String text) {
        BitSet used = new BitSet();
        Arrays.stream(whole.encode(text).ids()).forEach(id -> used.set((int) id));
        return WordPieceVocabulary.keep(whole.json(), used);
    }

    @Test
    void textsOfKeptTokensAreCutAsBefore() {
        try (TextTokenizer whole = TinyModels.tokenizer(24)) {
            Reduced reduced = keeping(whole, KNOWN);
            try (TextTokenizer small = TextTokenizer.of(reduced.json(), 24)) {
                assertTrue(reduced.rows().length < TinyModels.VOCABULARY / 5);
                long[] old = whole.encode(KNOWN).ids();
                long[] ids = small.encode(KNOWN).ids();
                assertArrayEquals(
                        old, Arrays.stream(ids).map(id -> reduced.rows()[(int) id]).toArray());
                assertArrayEquals(
                        ids, Arrays.stream(old).map(id -> reduced.newId((int) id)).toArray());
                assertEquals(whole.decode(old), small.decode(ids));
                assertEquals(
                        ids.length * 2 - 1, small.encode(KNOWN, KNOWN).ids().length, "pairs too");
            }
        }
    }

    @Test
    void otherWordsFallIntoShorterPieces() {
        try (TextTokenizer whole = TinyModels.tokenizer(24)) {
            Reduced reduced = keeping(whole, KNOWN);
            try (TextTokenizer small = TextTokenizer.of(reduced.json(), 24)) {
                assertEquals(3, whole.encode("dog").ids().length);
                long[] pieces = small.encode("dog").ids();
                assertEquals(5, pieces.length); // d, ##o, ##g between the marks
                assertEquals("dog", small.decode(pieces));
                assertEquals(-1, reduced.newId((int) whole.encode("dog").ids()[1]));
            }
        }
    }

    @Test
    void otherKindsOfTokenizersAreLeftAlone() {
        byte[] words = WordTokenizer.json(List.of("red", "blue"));
        assertFalse(WordPieceVocabulary.isReducible(words));
        assertThrows(
                IllegalArgumentException.class,
                () -> WordPieceVocabulary.keep(words, new BitSet()));
    }
}
