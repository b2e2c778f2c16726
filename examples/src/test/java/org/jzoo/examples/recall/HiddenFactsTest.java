package org.jzoo.examples.recall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.datasets.speech.Speech;

class HiddenFactsTest {

    private static final List<Speech> SPEECHES =
            List.of(
                    new Speech(1904, "A", "B", "Trade is good. Peace is better. ".repeat(40)),
                    new Speech(1905, "A", "B", "Winters are cold. Summers are dry. ".repeat(40)));

    private static List<HiddenFacts.Row> rows(boolean test, int size) {
        return new HiddenFacts(List.of(RecallTask.PASSKEY, RecallTask.KEY_VALUES), 130, 3)
                .rows(SPEECHES, test, size)
                .toList();
    }

    @Test
    void everyAnswerStandsInItsTextWithWhatItIsAskedBy() {
        List<HiddenFacts.Row> rows = rows(false, 9);
        assertEquals(9, rows.size());
        for (int i = 0; i < rows.size(); i++) {
            HiddenFacts.Row row = rows.get(i);
            if (i % 2 == 0) {
                assertEquals("What is the pass key?", row.question());
                assertTrue(row.document().contains("The pass key is " + row.answer() + ","));
            } else {
                String fact =
                        row.question().replace("What is the", "The").replace("?", " is ")
                                + row.answer();
                assertTrue(row.document().contains(fact + "."), fact);
            }
            assertTrue(row.document().split(" ").length <= 130);
        }
        assertEquals(rows, rows(false, 9));
    }

    @Test
    void speechesOfYearsThatEndInFiveAreForTests() {
        for (HiddenFacts.Row row : rows(false, 4)) {
            assertTrue(row.document().contains("Trade is good."));
            assertFalse(row.document().contains("Winters are cold."));
        }
        for (HiddenFacts.Row row : rows(true, 4)) {
            assertTrue(row.document().contains("Winters are cold."));
            assertFalse(row.document().contains("Trade is good."));
        }
        assertNotEquals(rows(false, 1).get(0).answer(), rows(true, 1).get(0).answer());
    }

    @Test
    void saysWhatItWants() {
        assertEquals(
                "tasks must be some of passkey, key-values, got [counting]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new HiddenFacts(List.of(RecallTask.COUNTING), 10, 3))
                        .getMessage());
    }
}
