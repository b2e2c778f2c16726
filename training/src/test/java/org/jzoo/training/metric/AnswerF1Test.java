package org.jzoo.training.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerF1Test {

    @Test
    void isTheOverlapOfWordsWorkedByHand() {
        // {red, car} in {red, fast, car}: 2·2/(2+3).
        assertEquals(0.8, f1("a red car", "The red, fast car!"), 1e-12);
        // Bags: "no" counts twice of three.
        assertEquals(2 * 2.0 / (2 + 3), f1("no no", "no, no, no"), 1e-12);
        assertEquals(0, f1("blue", "red"), 0);
        assertEquals(1, f1("338,145 sq km", "338145 sq km"), 0);
        assertEquals(1, f1("the", "!"), 0);
        assertEquals(0, f1("", "red"), 0);
    }

    @Test
    void theBestAnswerCountsAndTheMeanIsTaken() {
        AnswerF1 metric = new AnswerF1();
        assertTrue(Double.isNaN(metric.value()));
        metric.add(
                List.of("red car", "blue"), List.of(List.of("red", "red car"), List.of("green")));
        assertEquals(0.5, metric.value(), 1e-12);
        assertEquals(2, metric.count());
        metric.reset();
        assertEquals(0, metric.count());
        assertThrows(IllegalArgumentException.class, () -> metric.add(List.of("one"), List.of()));
    }

    private static double f1(String predicted, String accepted) {
        AnswerF1 metric = new AnswerF1();
        metric.add(List.of(predicted), List.of(List.of(accepted)));
        return metric.value();
    }
}
