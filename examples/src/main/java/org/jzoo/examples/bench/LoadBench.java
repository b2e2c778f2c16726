package org.jzoo.examples.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        return ChildJvm.run(LoadProbe.class, MINUTES, LoadProbe.Start.class, side, model);
    }
}
