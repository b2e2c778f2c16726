package org.jzoo.training.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Measures wall time and this process's memory.
 *
 * <p>Resident memory comes from {@code /proc/self/status} on Linux, native memory included.
 * Elsewhere it is asked from {@code ps}, and where that fails too it is what the JVM has committed,
 * which leaves native memory out.
 */
public final class ResourceMeter {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private final LongSupplier clock;
    private final long startNanos;
    private long peakBytes;

    /** Starts the clock. */
    public ResourceMeter() {
        this(System::nanoTime);
    }

    ResourceMeter(LongSupplier clock) {
        this.clock = clock;
        startNanos = clock.getAsLong();
        peakBytes = residentBytes();
    }

    /** Seconds since the meter was made. */
    public double seconds() {
        return (clock.getAsLong() - startNanos) / 1e9;
    }

    /** This process's resident memory now, in bytes. */
    public static long residentBytes() {
        OptionalLong linux = statusBytes(read(STATUS), "VmRSS");
        if (linux.isPresent()) {
            return linux.getAsLong();
        }
        return processStatusBytes().orElseGet(ResourceMeter::committedBytes);
    }

    /**
     * The largest resident memory, in bytes: of the process since its start or the last {@link
     * #resetPeak} on Linux; elsewhere the largest that this meter saw when it was made and asked.
     */
    public long peakResidentBytes() {
        OptionalLong linux = statusBytes(read(STATUS), "VmHWM");
        peakBytes = Math.max(peakBytes, residentBytes());
        return linux.orElse(peakBytes);
    }

    /**
     * Lets the peak start again from the present memory, to measure one part of a program.
     *
     * @return whether the operating system could do so; if not, the peak is the process's
     */
    public boolean resetPeak() {
        peakBytes = residentBytes();
        try {
            Files.writeString(CLEAR, "5"); // 5 = reset the peak only
            return true;
        } catch (IOException e) {
            return statusBytes(read(STATUS), "VmHWM").isEmpty();
        }
    }

    /**
     * Runs {@code work} several times and returns the seconds of each run; take the {@link
     * #median}.
     *
     * @param numWarmups runs before, which are not measured, at least 0
     * @param numRuns runs that are measured, at least 1
     */
    public static double[] time(int numWarmups, int numRuns, Runnable work) {
        if (numWarmups < 0 || numRuns < 1) {
            throw new IllegalArgumentException(
                    "numWarmups must be >= 0 and numRuns >= 1, got numWarmups=%d, numRuns=%d"
                            .formatted(numWarmups, numRuns));
        }
        for (int i = 0; i < numWarmups; i++) {
            work.run();
        }
        double[] seconds = new double[numRuns];
        for (int i = 0; i < numRuns; i++) {
            long start = System.nanoTime();
            work.run();
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        return seconds;
    }

    /** The middle value, or the mean of the two middle ones; {@code NaN} if there are none. */
    public static double median(double... values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The value of a line such as {@code "VmRSS: 1234 kB"}, in bytes. */
    static OptionalLong statusBytes(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .filter(digits -> !digits.isEmpty())
                .mapToLong(digits -> Long.parseLong(digits) * 1024)
                .findFirst();
    }

    private static OptionalLong processStatusBytes() {
        String pid = Long.toString(ProcessHandle.current().pid());
        return SystemCommand.run(Path.of("."), "ps", "-o", "rss=", "-p", pid)
                .map(String::strip)
                .filter(text -> text.matches("[0-9]{1,15}"))
                .map(text -> OptionalLong.of(Long.parseLong(text) * 1024))
                .orElse(OptionalLong.empty());
    }

    private static long committedBytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        return memory.getHeapMemoryUsage().getCommitted()
                + memory.getNonHeapMemoryUsage().getCommitted();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
