package org.jzoo.zoo.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.zoo.document.TextTokens;
import org.jzoo.zoo.testing.TinyModels;

class WordStartsTest {

    private static List<String> words(String text, TokenizedText tokens) {
        WordStarts words = new WordStarts();
        List<String> found = new ArrayList<>();
        for (int t = 0; t < tokens.ids().length; t++) {
            if (words.begins(text, 0, tokens.starts()[t], tokens.ends()[t])) {
                found.add("");
            }
            if (!found.isEmpty()) {
                String word = text.substring((int) words.start(), (int) words.end());
                found.set(found.size() - 1, word);
            }
        }
        return found;
    }

    @Test
    void wordsAreRunsOfLettersAndDigitsSignsAndIdeographs() {
        String text = "Wolfeschlegelstein's 4,318 km\u00B2, \u5317\u4EAC 2b.";
        try (TextTokenizer tokenizer = TinyModels.tokenizer(64)) {
            assertEquals(
                    List.of(
                            "Wolfeschlegelstein",
                            "'",
                            "s",
                            "4",
                            ",",
                            "318",
                            "km\u00B2",
                            ",",
                            "\u5317",
                            "\u4EAC",
                            "2b",
                            "."),
                    words(text, tokenizer.encodePlain(text)));
        }
    }

    @Test
    void bytesOfACharacterAreOneWordAndBytesOfBlanksNone() {
        String text = " \u00E9t\u00E9 \n\uD83D\uDE00x";
        assertEquals(
                List.of("\u00E9t\u00E9", "\uD83D\uDE00", "x"),
                words(text, TextTokens.bytes(1).of(text)));
    }

    @Test
    void whiteSpaceWithinATokenBelongsToNoWord() {
        WordStarts words = new WordStarts();
        String text = "ab cd ";
        assertTrue(words.begins(text, 0, 0, 2));
        assertTrue(words.begins(text, 0, 2, 6)); // " cd "
        assertEquals(3, words.start());
        assertEquals(5, words.end());
    }

    @Test
    void aWordGoesOnInTheNextPieceOfText() {
        WordStarts words = new WordStarts();
        assertFalse(words.begins("abc", 0, -1, -1)); // a special token
        assertTrue(words.begins("abc", 0, 0, 3));
        assertFalse(words.begins("def g", 3, 3, 6));
        assertEquals(6, words.end());
        assertTrue(words.begins("def g", 3, 7, 8));
        assertEquals(7, words.start());
    }
}
