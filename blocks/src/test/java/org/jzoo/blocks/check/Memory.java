package org.jzoo.blocks.check;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system says of this process's memory; only Linux does. */
public final class Memory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private Memory() {}

    /** Megabytes that the process took, at most, beyond those it had before; skips elsewhere. */
    public static double peakMegabytes(Runnable work) {
        try {
            assumeTrue(Files.isWritable(CLEAR), "needs Linux to tell the peak of memory");
            Files.writeString(CLEAR, "5"); // resets the peak
            double before = megabytes("VmRSS:");
            work.run();
            return megabytes("VmHWM:") - before;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double megabytes(String name) throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1e3)
                .sum();
    }
}
