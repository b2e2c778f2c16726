package org.jzoo.zoo.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenTagsTest {

    @Test
    void eachKindHasALabelForItsFirstWordAndOneForOthers() {
        TokenTags tags = TokenTags.of(List.of("PER", "LOC"));
        assertEquals(List.of("O", "B-LOC", "I-LOC", "B-PER", "I-PER"), tags.names());
        assertEquals(3, tags.tag("PER", true));
        assertEquals(4, tags.tag("PER", false));
        assertEquals(0, tags.tag("O", true));
        assertEquals(0, tags.tag("O", false));
        assertEquals(-1, tags.tag("ORG", true));
        assertEquals(List.of("LOC", "PER"), tags.kinds());
        assertEquals("PER", tags.kind(4));
        assertTrue(tags.marked() && tags.begins(3) && tags.outside(0));
        assertFalse(tags.begins(4));
    }

    @Test
    void labelsWithoutABeginningBeginByThemselves() {
        TokenTags tags = new TokenTags(List.of("I-PER", "O", "B-ORG"));
        assertEquals(0, tags.tag("PER", true));
        assertEquals(0, tags.tag("PER", false));
        assertEquals(2, tags.tag("ORG", true));
        assertEquals(-1, tags.tag("ORG", false));
    }

    @Test
    void endsAndSinglesAreMarksBesideABeginning() {
        TokenTags tags =
                new TokenTags(List.of("O", "B-PER", "I-PER", "E-PER", "S-PER", "S-bar", "E-mail"));
        assertEquals(List.of("PER", "S-bar", "E-mail"), tags.kinds());
        assertTrue(tags.begins(1) && tags.begins(4));
        assertFalse(tags.begins(2) || tags.begins(3) || tags.begins(5));
    }

    @Test
    void plainLabelsAreKindsOfWords() {
        TokenTags tags = new TokenTags(List.of("NOUN", "VERB"));
        assertFalse(tags.marked());
        assertEquals(1, tags.tag("VERB", true));
        assertEquals(1, tags.tag("VERB", false));
        assertEquals(-1, tags.tag("O", true));
        assertEquals(List.of("NOUN", "VERB"), tags.kinds());
    }
}
