package org.jzoo.training.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class ScheduleTest {

    @Test
    void warmupRisesFromZero() {
        Schedule schedule = Schedule.constant().withWarmupSteps(4);
        assertEquals(0, schedule.factor(0, 10));
        assertEquals(0.75, schedule.factor(3, 10));
        assertEquals(1, schedule.factor(4, 10));
        assertEquals(1, schedule.factor(9, 10));
    }

    @Test
    void linearDecayReachesZeroAfterTheLastStep() {
        Schedule schedule = Schedule.linear().withWarmupSteps(2);
        assertEquals(1, schedule.factor(2, 10));
        assertEquals(0.5, schedule.factor(6, 10));
        assertEquals(0.125, schedule.factor(9, 10));
        assertEquals(0, schedule.factor(10, 10));
        assertEquals(0, schedule.factor(12, 10));
    }

    @Test
    void cosineDecayIsHalfInTheMiddle() {
        assertEquals(1, Schedule.cosine().factor(0, 8));
        assertEquals(0.5, Schedule.cosine().factor(4, 8), 1e-15);
        assertEquals(0, Schedule.cosine().factor(8, 8), 1e-15);
    }

    @Test
    void shareOfWarmupRoundsUp() {
        assertEquals(4, Schedule.linear().withWarmupShare(0.06).warmupOf(51));
    }

    @Test
    void rejectsShareAboveOne() {
        assertEquals(
                "warmupShare must be in [0, 1], got warmupShare=1.5",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Schedule.linear().withWarmupShare(1.5))
                        .getMessage());
    }
}
