package org.jzoo.training.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {

    private static final Environment HERE =
            new Environment("chip", 2, 4, 0, "Linux 6 amd64", "Vendor 17", Map.of("DJL", "0.35.1"));

    @Test
    void aLineSaysMachineSystemAndVersions() {
        assertEquals("chip, 4 threads, Linux 6 amd64, Java Vendor 17, DJL 0.35.1", HERE.summary());
    }

    @Test
    void anotherMachineIsKnownByItsWordsOnly() {
        assertEquals(
                "one GPU of another machine, Java Vendor 17, DJL 0.35.1",
                HERE.withMachine("one GPU of another machine").summary());
        assertTrue(Environment.current(Map.of()).summary().contains(" thread"));
    }
}
