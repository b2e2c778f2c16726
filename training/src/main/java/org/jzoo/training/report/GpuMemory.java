package org.jzoo.training.report;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * How much memory of an NVIDIA card a process holds, as the driver counts it: weights and
 * intermediates, what PyTorch keeps for later, and the driver's own few hundred megabytes.
 *
 * <p>PyTorch gives back nothing that it once took. What is held after some work is therefore the
 * most that the process ever needed.
 */
public final class GpuMemory {

    private static final long MEGABYTE = 1L << 20;

    /**
     * A reading.
     *
     * @param bytes held
     * @param ofWholeCard whether other processes' memory may be among them: in some containers the
     *     driver does not tell whose memory it is
     */
    public record Held(long bytes, boolean ofWholeCard) {

        @Override
        public String toString() {
            return "%,d MB%s"
                    .formatted(Math.round(bytes / 1e6), ofWholeCard ? ", the whole card's" : "");
        }
    }

    private final Function<String[], Optional<String>> driver;
    private final String visible;

    /** Asks the driver's {@code nvidia-smi}. */
    public GpuMemory() {
        this(
                command -> SystemCommand.run(Path.of("."), command),
                System.getenv("CUDA_VISIBLE_DEVICES"));
    }

    /**
     * Asks another driver.
     *
     * @param driver answers a command line; empty if there is no such command
     * @param visible the cards that CUDA numbers from 0 on, comma-separated; null for all
     */
    GpuMemory(Function<String[], Optional<String>> driver, String visible) {
        this.driver = driver;
        this.visible = visible;
    }

    /** What this process holds; empty on CPU and where the driver does not answer. */
    public Optional<Held> held(Device device) {
        return held(device, ProcessHandle.current().pid());
    }

    /** The same of another process, which uses the same card. */
    public Optional<Held> held(Device device, long pid) {
        if (!device.isGpu()) {
            return Optional.empty();
        }
        OptionalLong process = ofProcess(pid);
        if (process.isPresent()) {
            return Optional.of(new Held(process.getAsLong(), false));
        }
        return driver.apply(
                        new String[] {
                            "nvidia-smi",
                            "--id=" + card(device),
                            "--query-gpu=memory.used",
                            "--format=csv,noheader,nounits"
                        })
                .map(String::strip)
                .filter(GpuMemory::isNumber)
                .map(text -> new Held(Long.parseLong(text) * MEGABYTE, true));
    }

    private OptionalLong ofProcess(long pid) {
        String list =
                driver.apply(
                                new String[] {
                                    "nvidia-smi",
                                    "--query-compute-apps=pid,used_memory",
                                    "--format=csv,noheader,nounits"
                                })
                        .orElse("");
        return list.lines()
                .map(line -> line.strip().split("\\s*,\\s*", -1))
                .filter(fields -> fields.length == 2 && fields[0].equals(Long.toString(pid)))
                .filter(fields -> isNumber(fields[1]))
                .mapToLong(fields -> Long.parseLong(fields[1]) * MEGABYTE)
                .reduce(Long::sum);
    }

    // Names of cards serve as numbers do.
    private String card(Device device) {
        String number = Integer.toString(device.getDeviceId());
        if (visible == null || visible.isBlank()) {
            return number;
        }
        return Arrays.stream(visible.split(",", -1))
                .skip(device.getDeviceId())
                .findFirst()
                .map(String::strip)
                .orElse(number);
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,9}");
    }
}
