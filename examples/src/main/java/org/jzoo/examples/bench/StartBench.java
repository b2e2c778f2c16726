package org.jzoo.examples.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures how long a program takes from its start to a model's first answer, as it is and with an
 * archive of its classes (class data sharing). Each start is a JVM of its own; the two ways take
 * turns, and the first turn, which fills the caches of the disk, is not counted.
 */
public final class StartBench {

    /** The program as it is. */
    public static final String PLAIN = "java";

    /** With an archive that an earlier start wrote. */
    public static final String ARCHIVE = "java -XX:SharedArchiveFile";

    private static final int MINUTES = 5;

    private final String model;
    private final int starts;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param model the name of a model that classifies texts
     * @param starts counted starts of each way, at least 1
     * @param progress told a line per start
     * @throws IllegalArgumentException if there are too few starts
     */
    public StartBench(String model, int starts, Consumer<String> progress) {
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
     * @return the counted starts of each way
     * @throws IOException if a JVM cannot be started or fails; the message holds what it said
     */
    public Map<String, List<StartProbe.Start>> run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("jzoo-start");
        Path archive = folder.resolve("classes.jsa");
        try {
            // A JVM tells of classes that cannot be archived, among the answers.
            start(List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + archive));
            Map<String, List<String>> ways = new LinkedHashMap<>();
            ways.put(PLAIN, List.of());
            if (Files.exists(archive)) { // not where classes lie in folders instead of jars
                ways.put(ARCHIVE, List.of("-XX:SharedArchiveFile=" + archive));
            }
            return inTurns(ways);
        } finally {
            Files.deleteIfExists(archive);
            Files.delete(folder);
        }
    }

    private Map<String, List<StartProbe.Start>> inTurns(Map<String, List<String>> ways)
            throws IOException, InterruptedException {
        Map<String, List<StartProbe.Start>> all = new LinkedHashMap<>();
        for (int turn = 0; turn <= starts; turn++) {
            for (Map.Entry<String, List<String>> way : ways.entrySet()) {
                StartProbe.Start start = start(way.getValue());
                progress.accept(
                        "%s: first answer (%s) after %.2f s, loaded in %.2f s"
                                .formatted(
                                        way.getKey(),
                                        start.label(),
                                        start.firstSeconds(),
                                        start.loadSeconds()));
                if (turn > 0) {
                    all.computeIfAbsent(way.getKey(), s -> new ArrayList<>()).add(start);
                }
            }
        }
        return all;
    }

    private StartProbe.Start start(List<String> options) throws IOException, InterruptedException {
        return ChildJvm.run(
                options,
                StartProbe.class,
                MINUTES,
                StartProbe.Start.class,
                model,
                Long.toString(System.currentTimeMillis()));
    }
}
