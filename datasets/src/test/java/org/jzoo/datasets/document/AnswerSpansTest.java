package org.jzoo.datasets.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.jzoo.datasets.longtext.Span;

class AnswerSpansTest {

    @Test
    void findsTheFirstPlaceBetweenOtherWords() {
        assertEquals(new Span(14, 17), AnswerSpans.find("carpets, scar car", "car"));
        assertEquals(new Span(3, 4), AnswerSpans.find("15 5", "5"));
    }

    @Test
    void prefersTheSameLetters() {
        assertEquals(new Span(11, 16), AnswerSpans.find("the PARIS, Paris", " Paris "));
        assertEquals(new Span(4, 9), AnswerSpans.find("the PARIS", "Paris"));
    }

    @Test
    void findsAnswersOverLineBreaks() {
        String text = "It was signed in New\n  York.";
        assertEquals("New\n  York", AnswerSpans.find(text, "new york").of(text));
    }

    @Test
    void findsAnswersWithSignsAndIdeographs() {
        String text = "It cost $5 (about 4 €). 東京都にある。";
        assertEquals("$5 (about", AnswerSpans.find(text, "$5 (about").of(text));
        assertEquals("東京", AnswerSpans.find(text, "東京").of(text));
    }

    @Test
    void saysWhenThereIsNone() {
        assertNull(AnswerSpans.find("some text", "other"));
        assertNull(AnswerSpans.find("some text", "  "));
    }
}
