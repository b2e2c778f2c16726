package org.jzoo.zoo.document;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.jzoo.zoo.testing.TinyModels;
import org.jzoo.zoo.text.TextTokenizer;

class TextFrameTest {

    @Test
    void aTextBetweenTheFrameIsTheEncodedText() {
        try (TextTokenizer tokenizer = TinyModels.tokenizer(64)) {
            TextFrame frame = TextFrame.of(tokenizer);
            assertEquals(2, frame.length());
            assertArrayEquals(
                    tokenizer.encode("the lamp").ids(),
                    frame.around(tokenizer.encodePlain("the lamp").ids()));
        }
    }
}
