package org.jzoo.training.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.report.TextTable.Align;

class TextTableTest {

    @Test
    void columnsLineUp() {
        TextTable table = new TextTable(Align.LEFT, Align.RIGHT).row("a", "1").row("long", "200");
        assertEquals("a       1\nlong  200\n", table.toString());
    }

    @Test
    void wideCharactersTakeTwoColumnsAndMarksNone() {
        assertEquals(4, TextTable.width("垃圾"));
        assertEquals(4, TextTable.width("cafe\u0301"));
        assertEquals(2, TextTable.width("😀"));
        assertEquals(
                "垃圾  1\nspam  2\n",
                new TextTable(Align.LEFT, Align.RIGHT).row("垃圾", "1").row("spam", "2").toString());
    }

    @Test
    void aCellCannotBreakItsRow() {
        assertEquals(
                "a b  c\n", new TextTable(Align.LEFT, Align.LEFT).row("a\r\nb", "c").toString());
    }

    @Test
    void everyColumnNeedsACell() {
        var error =
                assertThrows(IllegalArgumentException.class, () -> new TextTable(Align.LEFT).row());
        assertEquals(
                "cells must be one for each column, got cells=0, columns=1", error.getMessage());
    }

    /** By hand: recall 980/984 and 213/216, precision 980/983 and 213/217, accuracy 1193/1200. */
    @Test
    void confusionTableShowsCountsAndRatios() {
        ConfusionMatrix matrix = new ConfusionMatrix(List.of("ham", "spam"));
        add(matrix, 0, 0, 980);
        add(matrix, 1, 0, 4);
        add(matrix, 0, 1, 3);
        add(matrix, 1, 1, 213);
        assertEquals(
                """
                expected \\ predicted    ham   spam  recall
                ham                     980      4   99.6%
                spam                      3    213   98.6%
                precision             99.7%  98.2%   99.4%
                """,
                ConfusionTable.format(matrix));
    }

    @Test
    void ratiosWithoutExamplesShowADash() {
        assertEquals(
                """
                expected \\ predicted  x  recall
                x                     0       -
                precision             -       -
                """,
                ConfusionTable.format(new ConfusionMatrix(List.of("x"))));
    }

    private static void add(ConfusionMatrix matrix, int predicted, int expected, int times) {
        for (int i = 0; i < times; i++) {
            matrix.add(new int[] {predicted}, new int[] {expected});
        }
    }
}
