package org.jzoo.training.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourceMeterTest {

    @Test
    void memoryIsReadFromTheStatusFile() {
        String status = "Name:\tjava\nVmPeak:\t 999 kB\nVmHWM:\t    2048 kB\nVmRSS:\t1024 kB\n";
        assertEquals(OptionalLong.of(1024 * 1024), ResourceMeter.statusBytes(status, "VmRSS"));
        assertEquals(OptionalLong.of(2048 * 1024), ResourceMeter.statusBytes(status, "VmHWM"));
        assertEquals(OptionalLong.empty(), ResourceMeter.statusBytes("", "VmRSS"));
    }

    @Test
    void touchedNativeMemoryShowsInResidentAndPeak() {
        ResourceMeter meter = new ResourceMeter();
        long before = ResourceMeter.residentBytes();
        int size = 48 << 20;
        ByteBuffer block = ByteBuffer.allocateDirect(size);
        for (int i = 0; i < size; i += 4096) {
            block.put(i, (byte) 1);
        }
        long after = ResourceMeter.residentBytes();
        assertTrue(after - before > size / 2, before + " to " + after);
        assertTrue(meter.peakResidentBytes() >= after - (8 << 20));
        assertEquals(1, block.get(4096)); // alive until here
    }

    @Test
    void thePeakIsNotBelowThePresentAfterAReset() {
        ResourceMeter meter = new ResourceMeter();
        assertTrue(meter.resetPeak() || meter.peakResidentBytes() > 0);
        assertTrue(meter.peakResidentBytes() >= ResourceMeter.residentBytes() / 2);
    }

    @Test
    void secondsFollowTheClock() {
        AtomicLong nanos = new AtomicLong(5_000_000_000L);
        ResourceMeter meter = new ResourceMeter(nanos::get);
        nanos.addAndGet(1_500_000_000L);
        assertEquals(1.5, meter.seconds());
    }

    @Test
    void medianIsTheMiddleOrTheMeanOfTheTwoMiddleOnes() {
        assertEquals(3, ResourceMeter.median(9, 1, 3));
        assertEquals(2.5, ResourceMeter.median(4, 1, 2, 3));
        assertTrue(Double.isNaN(ResourceMeter.median()));
    }

    @Test
    void timingRunsWarmupsWithoutMeasuringThem() {
        int[] calls = {0};
        assertEquals(3, ResourceMeter.time(2, 3, () -> calls[0]++).length);
        assertEquals(5, calls[0]);
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ResourceMeter.time(0, 0, () -> calls[0]++));
        assertEquals(
                "numWarmups must be >= 0 and numRuns >= 1, got numWarmups=0, numRuns=0",
                error.getMessage());
    }

    @Test
    void coresAreCountedOnceHoweverManyThreadsTheyHave() {
        String info =
                """
                processor : 0
                model name : Fast CPU @ 2 GHz
                physical id : 0
                core id : 0

                processor : 1
                model name : Fast CPU @ 2 GHz
                physical id : 0
                core id : 0

                processor : 2
                model name : Fast CPU @ 2 GHz
                physical id : 1
                core id : 0
                """;
        Environment machine = Environment.current(Map.of("DJL", "0.35.1"), info);
        assertEquals("Fast CPU @ 2 GHz", machine.processor());
        assertEquals(2, machine.numCores());
        assertTrue(machine.summary().endsWith(", DJL 0.35.1"), machine.summary());
    }

    @Test
    void anUnknownProcessorShowsTheArchitecture() {
        Environment machine = Environment.current(Map.of(), "");
        assertEquals(System.getProperty("os.arch"), machine.processor());
        assertEquals(machine.numThreads(), machine.numCores());
        assertTrue(machine.memoryBytes() > 0);
    }

    @Test
    void outsideARepositoryTheCommitIsUnknown(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve(".git"), "gitdir: nowhere");
        assertEquals(SourceCommit.UNKNOWN, SourceCommit.of(folder));
    }

    @Test
    void aCommitIsTwelveDigitsAndTellsOfChanges(@TempDir Path folder) throws IOException {
        String[] identity = {
            "git", "-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "m"
        };
        Files.writeString(folder.resolve("file"), "one");
        SystemCommand.run(folder, "git", "init", "-q");
        SystemCommand.run(folder, "git", "add", "file");
        SystemCommand.run(folder, identity);
        String commit = SourceCommit.of(folder);
        assertTrue(commit.matches("[0-9a-f]{12}"), commit);
        Files.writeString(folder.resolve("file"), "two");
        assertEquals(commit + "+changes", SourceCommit.of(folder));
    }
}
