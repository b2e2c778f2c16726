package org.jzoo.zoo.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SentencesTest {

    @Test
    void aSentenceEndsWithItsStop() {
        String text = "It rained. Ann, who was late, ran home! Then it stopped.";
        assertEquals("Ann, who was late, ran home!", around(text, "late"));
        assertEquals("It rained.", around(text, "It"));
        assertEquals("Then it stopped.", around(text, "stopped"));
    }

    @Test
    void aLineOfAListIsASentence() {
        String text = "Area: 5 sq km\nHighest point: Mount X (12 m), in the north\nCoast: 3 km\n";
        assertEquals("Highest point: Mount X (12 m), in the north", around(text, "Mount X"));
        assertEquals("Area: 5 sq km", around(text, "5 sq km"));
        assertEquals("Coast: 3 km", around(text, "3 km"));
    }

    @Test
    void linesOfWrappedTextAreNot() {
        String line = "The ship went on and on over a sea that had no end at ";
        String text =
                "It was so.\n\n" + (line + "\n").repeat(5) + "last. It sank\nthat night.\n\nEnd";
        assertEquals("It sank\nthat night.", around(text, "night"));
        assertEquals("It was so.", around(text, "so"));
        assertEquals("End", around(text, "End"));
    }

    @Test
    void aPageEndsASentence() {
        assertEquals("and then", around("It went on\fand then", "then"));
    }

    @Test
    void anAnswerOverTwoSentencesHasBoth() {
        String text = "One two. Three four. Five six.";
        int[] span = Sentences.around(text, text.indexOf("two"), text.indexOf("four"));
        assertEquals("One two. Three four.", text.substring(span[0], span[1]));
    }

    private static String around(String text, String word) {
        int[] span = Sentences.around(text, text.indexOf(word), text.indexOf(word) + word.length());
        return text.substring(span[0], span[1]);
    }
}
