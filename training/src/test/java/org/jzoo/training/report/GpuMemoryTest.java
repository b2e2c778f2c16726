package org.jzoo.training.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.jzoo.training.report.GpuMemory.Held;

/** Drivers here are functions that stand in for nvidia-smi. */
class GpuMemoryTest {

    private static final long MEGABYTE = 1L << 20;

    private final List<String> asked = new ArrayList<>();

    private GpuMemory driver(String processes, String card, String visible) {
        return new GpuMemory(
                command -> {
                    String line = String.join(" ", command);
                    asked.add(line);
                    return Optional.ofNullable(
                            line.contains("--query-compute-apps") ? processes : card);
                },
                visible);
    }

    @Test
    void aProcessHasItsOwnMemoryOnAllItsCards() {
        GpuMemory memory = driver("41, 500\n412, 1300\n41, 7\n", "99999\n", null);
        assertEquals(Optional.of(new Held(507 * MEGABYTE, false)), memory.held(Device.gpu(0), 41));
        assertEquals(1, asked.size());
    }

    @Test
    void whereTheDriverHidesProcessesTheWholeCardIsReadAndSaysSo() {
        for (String hidden : new String[] {"", "41, [N/A]\n", "[Not Found], 500\n", null}) {
            GpuMemory memory = driver(hidden, " 1300 \n", null);
            Held held = memory.held(Device.gpu(2), 41).orElseThrow();
            assertEquals(new Held(1300 * MEGABYTE, true), held);
            assertEquals("1,363 MB, the whole card's", held.toString());
            assertEquals(
                    "nvidia-smi --id=2 --query-gpu=memory.used --format=csv,noheader,nounits",
                    asked.get(asked.size() - 1));
        }
    }

    @Test
    void theCardIsTheOneThatCudaSees() {
        driver("", "1", "3, GPU-5a1").held(Device.gpu(1), 41);
        assertEquals(
                "nvidia-smi --id=GPU-5a1 --query-gpu=memory.used --format=csv,noheader,nounits",
                asked.get(1));
    }

    @Test
    void nothingIsKnownOnCpuOrWithoutADriver() {
        assertEquals(Optional.empty(), driver("41, 5\n", "5\n", null).held(Device.cpu(), 41));
        assertEquals(List.of(), asked);
        assertEquals(Optional.empty(), driver(null, null, null).held(Device.gpu(), 41));
        assertEquals(Optional.empty(), driver("", "[N/A]", null).held(Device.gpu(), 41));
    }
}
