package org.jzoo.training.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long nanos;

    private ProgressLine.Builder builder(long totalSteps) {
        return ProgressLine.builder()
                .setTotalSteps(totalSteps)
                .optOutput(new PrintStream(bytes, true, StandardCharsets.UTF_8))
                .optClock(() -> nanos)
                .optWidth(120)
                .optTerminal(false);
    }

    private void pass(double seconds) {
        nanos += Math.round(seconds * 1e9);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** By hand: 4 s a step, 32 examples a step, 296 of 300 steps left. */
    @Test
    void withoutATerminalALineIsPrintedEveryInterval() {
        try (ProgressLine line = builder(300).optInterval(Duration.ofSeconds(10)).build()) {
            for (int step = 1; step <= 4; step++) {
                pass(4);
                line.step(step, 0.5 / step, 32);
            }
        }
        assertEquals(
                """
                train   0%  step 1/300  loss 0.5000  8.00 examples/s  left 19:56
                train   1%  step 4/300  loss 0.1250  8.00 examples/s  left 19:44
                """,
                printed());
    }

    @Test
    void theLastStepIsAlwaysShown() {
        try (ProgressLine line = builder(3).optUnit("tokens").optLabel("tune").build()) {
            for (int step = 1; step <= 3; step++) {
                pass(0.5);
                line.step(step, Double.NaN, 1000);
            }
        }
        assertEquals(
                """
                tune  33%  step 1/3  2,000 tokens/s  left 00:01
                tune 100%  step 3/3  2,000 tokens/s  took 00:02
                """,
                printed());
    }

    @Test
    void onePauseDoesNotMoveTheTimeLeft() {
        ProgressLine line = builder(1000).optInterval(Duration.ZERO).build();
        for (int step = 1; step <= 9; step++) {
            pass(step == 5 ? 600 : 1);
            line.step(step, 1, 1);
        }
        assertTrue(printed().endsWith("left 16:31\n"), printed()); // 991 steps of 1 s
    }

    @Test
    void theTimeLeftFollowsALastingChangeOfSpeed() {
        ProgressLine line = builder(1000).optInterval(Duration.ZERO).build();
        for (int step = 1; step <= 500; step++) {
            pass(step <= 400 ? 10 : 1);
            line.step(step, 1, 1);
        }
        assertTrue(printed().endsWith("left 08:20\n"), printed()); // 500 steps of 1 s
    }

    @Test
    void aResumedRunCountsOnlyItsOwnTime() {
        ProgressLine line = builder(100).optFirstStep(90).build();
        pass(2);
        line.step(90, 1, 1); // nothing new
        line.step(91, 1, 1);
        assertEquals(
                "train  91%  step 91/100  loss 1.0000  0.50 examples/s  left 00:18\n", printed());
    }

    @Test
    void aTerminalLineIsDrawnOverItselfWithoutErasing() {
        ProgressLine line = builder(4).optTerminal(true).build();
        pass(1);
        line.step(1, 123456, 1);
        pass(1);
        line.step(2, 0.5, 1);
        line.close();
        line.close();
        List<String> draws = List.of(printed().split("\r", -1));
        assertEquals(4, draws.size());
        assertEquals(
                "train [=====>              ]  25%  step 1/4  loss 1.235e+05  1.00 examples/s"
                        + "  left 00:03",
                draws.get(1));
        String shorter =
                "train [==========>         ]  50%  step 2/4  loss 0.5000  1.00 examples/s"
                        + "  left 00:02";
        assertEquals(shorter + "   ", draws.get(2)); // blanks over the longer line
        assertEquals(shorter + "\n", draws.get(3));
        assertFalse(printed().contains("\u001b"));
    }

    @Test
    void aTerminalIsDrawnAtMostTenTimesASecond() {
        ProgressLine line = builder(1000).optTerminal(true).build();
        for (int step = 1; step <= 1000; step++) {
            pass(0.001);
            line.step(step, 1, 1);
        }
        long draws = printed().chars().filter(c -> c == '\r').count();
        assertTrue(draws >= 9 && draws <= 11, "draws " + draws);
        assertTrue(printed().contains("100%"), printed());
    }

    @Test
    void aLineIsCutToTheTerminalSoThatItCannotWrap() {
        ProgressLine line = builder(9).optTerminal(true).optWidth(20).build();
        line.status("更长的文字 that would not fit");
        pass(1);
        line.step(1, 1, 1);
        assertEquals("\rtrain [==>         ", printed());
    }

    @Test
    void messagesStandAboveTheLine() {
        ProgressLine line = builder(2).optTerminal(true).optWidth(60).build();
        line.message("begin");
        pass(1);
        line.step(1, 1, 1);
        line.message("validation accuracy 0.91");
        String[] parts = printed().split("\r|\n", -1);
        assertEquals("begin", parts[0]);
        assertEquals("validation accuracy 0.91", parts[3].stripTrailing());
        assertEquals(TextTable.width(parts[2]), TextTable.width(parts[3]));
        assertEquals(parts[2], parts[4]);
    }

    @Test
    void theStatusEndsTheLine() {
        ProgressLine line = builder(2).build();
        line.status("accuracy 0.91\n");
        pass(1);
        line.step(1, 1, 1);
        assertTrue(printed().endsWith("left 00:01  accuracy 0.91 \n"), printed());
    }

    @Test
    void longTimesShowHours() {
        assertEquals("00:00", ProgressLine.clock(0.4));
        assertEquals("59:59", ProgressLine.clock(3599));
        assertEquals("27:46:40", ProgressLine.clock(100_000));
        assertEquals("--:--", ProgressLine.clock(Double.NaN));
    }

    @Test
    void optionsAreChecked() {
        var error = assertThrows(IllegalArgumentException.class, () -> builder(0).build());
        assertEquals(
                "totalSteps must be >= 1 and firstStep >= 0, got totalSteps=0, firstStep=0",
                error.getMessage());
    }
}
