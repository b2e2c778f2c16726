package org.jzoo.training.loop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Memory over many trainings. With -Djzoo.slow=true: a hundred of them and 2,000 steps in one. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class TrainingMemoryTest {

    private static final boolean SLOW = Boolean.getBoolean("jzoo.slow");
    private static final double GROWTH = 0.03;

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
    void staysLevelOverManyStepsAndTrainings() throws Exception {
        // A heap that is there from the start, so that only the native side can grow.
        Process child =
                TrainingChild.java(
                        MemoryChild.class,
                        List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch"),
                        List.of(),
                        SLOW ? "100" : "15",
                        "10",
                        SLOW ? "2000" : "300");
        long before = 0;
        long after = 0;
        try (BufferedReader lines = child.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("before ")) {
                    before = Long.parseLong(line.substring(7));
                } else if (line.startsWith("after ")) {
                    after = Long.parseLong(line.substring(6));
                }
            }
        }
        assertTrue(child.waitFor(1, TimeUnit.MINUTES));
        assertTrue(before > 0 && after > 0);
        String report = "resident memory: %,d kB, then %,d kB".formatted(before, after);
        System.out.println(report);
        assertTrue(after <= before * (1 + GROWTH), report);
    }
}
