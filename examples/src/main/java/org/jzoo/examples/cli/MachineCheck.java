package org.jzoo.examples.cli;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.report.picture.ConfusionPicture;
import org.jzoo.zoo.registry.LocalModels;
import org.jzoo.zoo.registry.Pretrained;

/** Looks at the machine: engine, devices, threads, processor, folders, weights and fonts. */
final class MachineCheck {

    private static final List<String> USEFUL_FLAGS =
            List.of(
                    "avx2",
                    "avx512f",
                    "avx512_vnni",
                    "avx512_bf16",
                    "amx_bf16",
                    "amx_int8",
                    "bf16",
                    "i8mm");

    private final Map<String, String> environment;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * Prepares a look.
     *
     * @param environment the environment variables
     */
    MachineCheck(Map<String, String> environment) {
        this.environment = environment;
    }

    List<Finding> run() {
        processor();
        if (engine()) {
            threads();
        }
        folder("cache", Utils.getCacheDir(), "DJL_CACHE_DIR");
        folder("zoo", LocalModels.home(), LocalModels.VARIABLE);
        weights();
        fonts();
        return findings;
    }

    private void processor() {
        Set<String> flags = new HashSet<>();
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
            lines.filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .findFirst()
                    .ifPresent(line -> flags.addAll(Arrays.asList(line.split("[\\s:]+", -1))));
        } catch (IOException e) {
            findings.add(Finding.ok("processor", System.getProperty("os.arch")));
            return;
        }
        List<String> useful = USEFUL_FLAGS.stream().filter(flags::contains).toList();
        boolean bfloat16 = useful.stream().anyMatch(flag -> flag.endsWith("bf16"));
        findings.add(
                Finding.ok(
                        "processor",
                        "%s %s; bfloat16 is %s here"
                                .formatted(
                                        System.getProperty("os.arch"),
                                        useful,
                                        bfloat16 ? "fast" : "slow")));
    }

    private boolean engine() {
        try {
            Engine engine = PyTorch.engine();
            findings.add(Finding.ok("engine", "PyTorch " + engine.getVersion()));
            findings.add(Finding.ok("devices", Arrays.toString(engine.getDevices())));
            return true;
        } catch (RuntimeException | LinkageError e) {
            Throwable cause = e;
            while (cause.getMessage() == null && cause.getCause() != null) {
                cause = cause.getCause();
            }
            findings.add(
                    Finding.wrong("engine", "does not start", String.valueOf(cause.getMessage())));
            return false;
        }
    }

    private void threads() {
        int processors = Runtime.getRuntime().availableProcessors();
        int threads = PyTorch.threads();
        String value = "%d of %d processors".formatted(threads, processors);
        findings.add(
                threads > processors
                        ? Finding.hint(
                                "threads",
                                value,
                                "more threads than processors slow each other down: set"
                                        + " OMP_NUM_THREADS="
                                        + processors)
                        : Finding.ok("threads", value));
        String policy = environment.getOrDefault("OMP_WAIT_POLICY", "");
        findings.add(
                policy.equalsIgnoreCase("passive") || threads == 1
                        ? Finding.ok("OMP_WAIT_POLICY", policy)
                        : Finding.hint(
                                "OMP_WAIT_POLICY",
                                policy.isEmpty() ? "not set" : policy,
                                "set it to PASSIVE: waiting threads that spin make each step many"
                                        + " times slower when another program is busy"));
        String spins = environment.getOrDefault("GOMP_SPINCOUNT", "");
        findings.add(
                !spins.isEmpty() || threads == 1
                        ? Finding.ok("GOMP_SPINCOUNT", spins)
                        : Finding.hint(
                                "GOMP_SPINCOUNT",
                                "not set",
                                "set it to 2000: threads then wait some 50 microseconds for the"
                                        + " next operator before they sleep, and one short text"
                                        + " takes a fifth less time"));
        findings.add(
                Finding.ok(
                        "Java heap",
                        "%.1f GiB at most (weights live outside of it)"
                                .formatted(Runtime.getRuntime().maxMemory() / 0x1p30)));
    }

    private void folder(String name, Path folder, String variable) {
        String value =
                "%s (%s %s)"
                        .formatted(
                                folder,
                                variable,
                                environment.containsKey(variable) ? "says so" : "is not set");
        Path existing = folder.toAbsolutePath();
        while (!Files.isDirectory(existing)) {
            existing = existing.getParent();
        }
        try {
            Files.delete(Files.createTempFile(existing, ".jzoo", ".doctor"));
        } catch (IOException e) {
            findings.add(
                    Finding.wrong(
                            name,
                            value + ": not writable",
                            "make %s writable or set %s to a folder that is (%s)"
                                    .formatted(folder, variable, e)));
            return;
        }
        findings.add(
                Finding.ok(
                        name,
                        "%s, %s used, %s free"
                                .formatted(value, size(used(folder)), size(free(existing)))));
    }

    private static long used(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    private static long free(Path folder) {
        return folder.toFile().getUsableSpace();
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / 0x1p30);
    }

    private void weights() {
        for (Pretrained model : Pretrained.ALL) {
            String name = "weights " + model.name();
            findings.add(
                    model.isAvailable()
                            ? Finding.ok(name, "on the class path")
                            : Finding.hint(
                                    name,
                                    "not on the class path",
                                    "to use it add the Maven dependency " + model.artifact()));
        }
    }

    private void fonts() {
        try {
            ConfusionPicture.draw("fonts", new ConfusionMatrix(List.of("a", "b")));
            findings.add(Finding.ok("pictures", "can be drawn"));
        } catch (RuntimeException | LinkageError | java.awt.AWTError e) {
            findings.add(
                    Finding.hint("pictures", "cannot be drawn", String.valueOf(e.getMessage())));
        }
    }
}
