package org.jzoo.examples.bench;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures time and memory of loading a pretrained model and embedding one sentence, against an
 * ONNX Runtime session on the same file. Each start is a JVM of its own; the sides take turns, and
 * the first turn of each, which fills the caches of the disk, is not counted.
 */
public final class LoadBench {

    private static final List<String> SIDES = List.of("onnxruntime", "jzoo");
    private static final int MINUTES = 5;
    private static final double AGREEMENT = 1e-4;

    private final String model;
    private final int starts;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param model a pretrained model's name
     * @param starts counted starts of each side, at least 1
     * @param progress told a line per start
     * @throws IllegalArgumentException if there are too few starts
     */
    public LoadBench(String model, int starts, Consumer<String> progress) {
        if (starts < 1) {
            throw new IllegalArgumentException("starts must be >= 1, got starts=" + starts);
        }
        this.model = model;
        this.starts = starts;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @return the counted starts of each side, ONNX Runtime's first
     * @throws IOException if a JVM cannot be started or fails, or the sides disagree; the message
     *     holds what it said
     */
    public Map<String, List<LoadProbe.Start>> run() throws IOException, InterruptedException {
        Map<String, List<LoadProbe.Start>> all = new LinkedHashMap<>();
        double first = Double.NaN;
        for (int turn = 0; turn <= starts; turn++) {
            for (String side : SIDES) {
                LoadProbe.Start start = start(side);
                progress.accept(
                        "%s: loaded in %.2f s, ready after %.2f s, %.0f MB, peak %.0f MB"
                                .formatted(
                                        side,
                                        start.loadSeconds(),
                                        start.readySeconds(),
                                        start.residentMegabytes(),
                                        start.peakMegabytes()));
                if (Double.isNaN(first)) {
                    first = start.first();
                }
                if (Math.abs(start.first() - first) > AGREEMENT) {
                    throw new IOException(
                            "the sides must give one vector, got first numbers %s and %s"
                                    .formatted(first, start.first()));
                }
                if (turn > 0) {
                    all.computeIfAbsent(side, s -> new ArrayList<>()).add(start);
                }
            }
        }
        return all;
    }

    private LoadProbe.Start start(String side) throws IOException, InterruptedException {
        Path output = Files.createTempFile("jzoo-load", ".json");
        Path errors = Files.createTempFile("jzoo-load", ".log");
        try {
            Process process =
                    new ProcessBuilder(command(side))
                            .redirectOutput(output.toFile())
                            .redirectError(errors.toFile())
                            .start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException("%s must load in %d minutes".formatted(side, MINUTES));
            }
            return read(side, process.exitValue(), output, errors);
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }

    private static LoadProbe.Start read(String side, int code, Path output, Path errors)
            throws IOException {
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        try {
            if (code == 0 && !lines.isEmpty()) {
                return new Gson().fromJson(lines.get(lines.size() - 1), LoadProbe.Start.class);
            }
        } catch (JsonParseException e) {
            // Falls through: what the process said is in the message below.
        }
        throw new IOException(
                "%s must start, got exit code %d: %s"
                        .formatted(side, code, Files.readString(errors).strip()));
    }

    private List<String> command(String side) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        command.add("-cp");
        command.add(System.getProperty("java.class.path", "." + File.pathSeparator));
        command.add(LoadProbe.class.getName());
        command.add(side);
        command.add(model);
        return command;
    }
}
