package org.jzoo.training.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The machine and the software that figures were measured on.
 *
 * @param processor the processor's model name
 * @param numCores physical cores that the operating system shows, at least 1
 * @param numThreads hardware threads that this JVM may use, at least 1
 * @param memoryBytes physical memory; 0 if not known
 * @param operatingSystem name, version and architecture; empty if not known
 * @param java vendor and version of the Java runtime
 * @param versions versions of what else matters, such as DJL, PyTorch and the accelerator, by name
 */
public record Environment(
        String processor,
        int numCores,
        int numThreads,
        long memoryBytes,
        String operatingSystem,
        String java,
        Map<String, String> versions) {

    /** Checks the counts and copies the versions. */
    public Environment {
        if (numCores < 1 || numThreads < 1 || memoryBytes < 0) {
            throw new IllegalArgumentException(
                    "numCores and numThreads must be >= 1 and memoryBytes >= 0, got numCores=%d, numThreads=%d, memoryBytes=%d"
                            .formatted(numCores, numThreads, memoryBytes));
        }
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }

    /** This machine and Java runtime, with the versions that the caller knows. */
    public static Environment current(Map<String, String> versions) {
        return current(versions, read(Path.of("/proc/cpuinfo")));
    }

    /** The same software on a machine in these words, of which no more is known. */
    public Environment withMachine(String words) {
        return new Environment(words, 1, 1, 0, "", java, versions);
    }

    static Environment current(Map<String, String> versions, String processorInfo) {
        int numThreads = Runtime.getRuntime().availableProcessors();
        String architecture = System.getProperty("os.arch");
        String processor = field(processorInfo, "model name");
        int numCores = countCores(processorInfo);
        return new Environment(
                processor.isEmpty() ? architecture : processor,
                numCores == 0 ? numThreads : numCores,
                numThreads,
                physicalMemoryBytes(),
                "%s %s %s"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                architecture),
                "%s %s"
                        .formatted(
                                System.getProperty("java.vendor"),
                                System.getProperty("java.runtime.version")),
                versions);
    }

    /** One line for a caption: processor, threads, memory, system, Java and the versions. */
    public String summary() {
        StringBuilder line = new StringBuilder(processor);
        boolean known = !operatingSystem.isEmpty();
        if (known) {
            line.append(", ").append(numThreads).append(numThreads == 1 ? " thread" : " threads");
        }
        if (memoryBytes > 0) {
            line.append(String.format(Locale.ROOT, ", %.0f GiB", memoryBytes / 0x1p30));
        }
        if (known) {
            line.append(", ").append(operatingSystem);
        }
        line.append(", Java ").append(java);
        versions.forEach((name, version) -> line.append(", " + name + " " + version));
        return line.toString();
    }

    private static long physicalMemoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    /** The different (physical id, core id) pairs; 0 if the text does not tell. */
    private static int countCores(String processorInfo) {
        Set<String> cores = new HashSet<>();
        for (String processor : processorInfo.split("\n\n", -1)) {
            String core = field(processor, "core id");
            if (!core.isEmpty()) {
                cores.add(field(processor, "physical id") + "/" + core);
            }
        }
        return cores.size();
    }

    private static String field(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name) && line.contains(":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
