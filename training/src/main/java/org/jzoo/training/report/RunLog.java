package org.jzoo.training.report;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jzoo.blocks.file.AtomicFile;

/**
 * The log of a run: a file of {@link RunEvent}s, one JSON object a line, handed to the operating
 * system line by line, so that a killed run loses nothing that was written.
 *
 * <p>In each phase steps only grow: an event at or before the phase's last one is not written
 * again. A run that goes on from a checkpoint therefore has every step once.
 */
public final class RunLog implements AutoCloseable {

    private final OutputStream stream; // not a channel: those close when a thread is interrupted
    private final Map<String, Long> lastSteps = new HashMap<>();

    private boolean torn; // the last line may have been written in part

    RunLog(OutputStream stream, List<RunEvent> kept) {
        this.stream = stream;
        kept.forEach(event -> lastSteps.merge(event.phase(), event.step(), Math::max));
    }

    /** Begins an empty log; a log of an earlier run is replaced. */
    public static RunLog start(Path file) throws IOException {
        AtomicFile.write(file, "");
        return new RunLog(append(file), List.of());
    }

    /**
     * Goes on with a log after {@code step} steps: later events, which the run will repeat, and
     * damaged lines are removed in one atomic move first. A missing file is begun.
     */
    public static RunLog resume(Path file, long step) throws IOException {
        List<RunEvent> kept = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (String line : lines(file)) {
            Optional<RunEvent> event = RunEvent.parse(line);
            if (event.isPresent() && event.get().step() <= step) {
                kept.add(event.get());
                text.append(line).append('\n');
            }
        }
        AtomicFile.write(file, text.toString());
        return new RunLog(append(file), kept);
    }

    private static OutputStream append(Path file) throws IOException {
        return new FileOutputStream(file.toFile(), true);
    }

    /**
     * Appends an event.
     *
     * @return whether it was written: not if its phase already has this or a later step
     * @throws IOException if the line cannot be written, such as on a full disk; later events can
     *     still be
     */
    public synchronized boolean write(RunEvent event) throws IOException {
        Long last = lastSteps.get(event.phase());
        if (last != null && event.step() <= last) {
            return false;
        }
        String line = (torn ? "\n" : "") + event.toJson() + "\n";
        torn = true;
        stream.write(line.getBytes(StandardCharsets.UTF_8));
        torn = false;
        lastSteps.put(event.phase(), event.step());
        return true;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    /**
     * The events of a log, in the order of the file.
     *
     * @param events the events
     * @param numSkipped how many lines were no events: cut off by a crash, or damaged
     */
    public record Reading(List<RunEvent> events, int numSkipped) {

        /** Copies the events. */
        public Reading {
            events = List.copyOf(events);
        }
    }

    /**
     * Reads a log as far as it can be read; it may be one that is still being written.
     *
     * @throws IOException if the file is missing or unreadable
     */
    public static Reading read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        List<RunEvent> events = new ArrayList<>();
        int numSkipped = 0;
        for (String line : lines(file)) {
            Optional<RunEvent> event = RunEvent.parse(line);
            event.ifPresent(events::add);
            numSkipped += event.isPresent() ? 0 : 1;
        }
        return new Reading(events, numSkipped);
    }

    /** The lines that are not blank; bytes that are no UTF-8 damage their line only. */
    private static List<String> lines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return text.lines().filter(line -> !line.isBlank()).toList();
    }
}
