package org.jzoo.training.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntityF1Test {

    private static final Entity ANN = new Entity("PER", 0, 3);
    private static final Entity PARIS = new Entity("LOC", 8, 13);
    private static final Entity ROME = new Entity("LOC", 20, 24);

    @Test
    void aStretchCountsOnlyIfLabelAndBothEndsAreRight() {
        EntityF1 metric = new EntityF1();
        metric.add(
                List.of(
                        List.of(ANN, new Entity("LOC", 8, 12), new Entity("PER", 20, 24)),
                        List.of(PARIS)),
                List.of(List.of(ANN, PARIS, ROME), List.of(PARIS, ROME)));
        // Right: Ann and the second Paris. Found 4, expected 5.
        assertEquals(new HitCounts(2, 2, 3), metric.all());
        assertEquals(2.0 / 4, metric.all().precision(), 1e-12);
        assertEquals(2.0 / 5, metric.all().recall(), 1e-12);
        assertEquals(4.0 / 9, metric.value(), 1e-12);
        assertEquals(
                Map.of("LOC", new HitCounts(1, 1, 3), "PER", new HitCounts(1, 1, 0)),
                metric.byLabel());
        assertEquals(2, metric.count());
    }

    @Test
    void placesCountInTheirOwnTextOnly() {
        EntityF1 metric = new EntityF1();
        metric.add(List.of(List.of(ANN), List.of()), List.of(List.of(), List.of(ANN)));
        assertEquals(new HitCounts(0, 1, 1), metric.all());
        assertEquals(0, metric.value());
    }

    @Test
    void whatIsFoundTwiceCountsOnce() {
        EntityF1 metric = new EntityF1();
        metric.add(List.of(List.of(ANN, ANN)), List.of(List.of(ANN)));
        assertEquals(1, metric.value());
    }

    @Test
    void isUndefinedWithoutTextsAndZeroWithoutStretches() {
        EntityF1 metric = new EntityF1();
        assertTrue(Double.isNaN(metric.value()));
        metric.add(List.of(List.of()), List.of(List.of()));
        assertEquals(0, metric.value());
        metric.reset();
        assertTrue(Double.isNaN(metric.value()));
        assertTrue(metric.higherIsBetter());
        assertEquals("entityF1", metric.name());
    }

    @Test
    void rejectsUnequalLengthsAndEmptyStretches() {
        EntityF1 metric = new EntityF1();
        assertThrows(
                IllegalArgumentException.class, () -> metric.add(List.of(List.of(ANN)), List.of()));
        assertEquals(
                "start must be >= 0 and before end, got start=3, end=3",
                assertThrows(IllegalArgumentException.class, () -> new Entity("PER", 3, 3))
                        .getMessage());
    }
}
