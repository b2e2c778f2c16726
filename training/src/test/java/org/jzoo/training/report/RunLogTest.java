package org.jzoo.training.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {

    @TempDir Path folder;

    @Test
    void eventsComeBackAsTheyWere() throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", 0.1 + 0.2);
        values.put("f1.macro", Double.NaN);
        values.put("perplexity", Double.POSITIVE_INFINITY);
        values.put("größe \"q\"", -1e-300);
        Instant time = Instant.parse("2026-01-02T03:04:05.678Z");
        RunEvent event = new RunEvent("validation", 7, 0.5, time, values);
        Path file = folder.resolve("run.jsonl");
        try (RunLog log = RunLog.start(file)) {
            assertTrue(log.write(event));
        }
        RunLog.Reading reading = RunLog.read(file);
        assertEquals(List.of(event), reading.events());
        assertEquals(
                List.copyOf(values.keySet()),
                List.copyOf(reading.events().get(0).values().keySet()));
        assertEquals(0, reading.numSkipped());
    }

    @Test
    void aLineIsAFlatObject() {
        Instant time = Instant.parse("2026-01-02T03:04:05Z");
        RunEvent event = new RunEvent("train", 3, 0.25, time, Map.of("loss", Double.NaN));
        assertEquals(
                "{\"phase\":\"train\",\"step\":3,\"epoch\":0.25,\"time\":\"2026-01-02T03:04:05Z\","
                        + "\"loss\":\"NaN\"}",
                event.toJson());
    }

    @Test
    void everyLineIsInTheFileAsSoonAsItIsWritten() throws IOException {
        Path file = folder.resolve("run.jsonl");
        try (RunLog log = RunLog.start(file)) {
            for (long step = 1; step <= 3; step++) {
                log.write(train(step));
                assertEquals(step, RunLog.read(file).events().size());
            }
        }
    }

    @Test
    void resumeDropsLaterStepsSoThatNoneIsTwice() throws IOException {
        Path file = folder.resolve("run.jsonl");
        try (RunLog log = RunLog.start(file)) {
            for (long step = 1; step <= 7; step++) {
                log.write(train(step));
            }
            log.write(RunEvent.validation(6, 1, Map.of("accuracy", 0.5)));
        }
        try (RunLog log = RunLog.resume(file, 4)) {
            assertEquals(4, RunLog.read(file).events().size());
            for (long step = 3; step <= 5; step++) { // 3 and 4 are there already
                assertEquals(step > 4, log.write(train(step)));
            }
            assertTrue(log.write(RunEvent.validation(4, 1, Map.of("accuracy", 0.4))));
            assertFalse(log.write(RunEvent.validation(4, 1, Map.of("accuracy", 0.4))));
        }
        assertEquals(
                List.of("train1", "train2", "train3", "train4", "train5", "validation4"),
                RunLog.read(file).events().stream().map(e -> e.phase() + e.step()).toList());
    }

    @Test
    void resumeRemovesALineThatACrashCutOff() throws IOException {
        Path file = folder.resolve("run.jsonl");
        try (RunLog log = RunLog.start(file)) {
            log.write(train(1));
        }
        Files.writeString(file, "{\"phase\":\"train\",\"st", StandardOpenOption.APPEND);
        assertEquals(1, RunLog.read(file).numSkipped());
        try (RunLog log = RunLog.resume(file, 1)) {
            log.write(train(2));
        }
        RunLog.Reading reading = RunLog.read(file);
        assertEquals(0, reading.numSkipped());
        assertEquals(List.of(1L, 2L), reading.events().stream().map(RunEvent::step).toList());
    }

    /** A disk that is full in the middle of the second line, and has space again. */
    @Test
    void aTornLineCostsNoOtherEvent() throws IOException {
        ByteArrayOutputStream disk = new ByteArrayOutputStream();
        boolean[] full = {false};
        OutputStream stream =
                new OutputStream() {
                    @Override
                    public void write(int one) {
                        disk.write(one);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        disk.write(bytes, offset, full[0] ? length / 2 : length);
                        if (full[0]) {
                            throw new IOException("No space left on device");
                        }
                    }
                };
        try (RunLog log = new RunLog(stream, List.of())) {
            log.write(train(1));
            full[0] = true;
            assertThrows(IOException.class, () -> log.write(train(2)));
            full[0] = false;
            assertTrue(log.write(train(2)));
        }
        Path file = Files.write(folder.resolve("run.jsonl"), disk.toByteArray());
        RunLog.Reading reading = RunLog.read(file);
        assertEquals(List.of(1L, 2L), reading.events().stream().map(RunEvent::step).toList());
        assertEquals(1, reading.numSkipped());
    }

    @Test
    void anInterruptedThreadCanStillLog() throws IOException {
        Path file = folder.resolve("run.jsonl");
        try (RunLog log = RunLog.start(file)) {
            Thread.currentThread().interrupt();
            log.write(train(1));
            assertTrue(Thread.interrupted());
            log.write(train(2));
        }
        assertEquals(2, RunLog.read(file).events().size());
    }

    @Test
    void resumeWithoutAFileBeginsOneAndStartReplacesOne() throws IOException {
        Path file = folder.resolve("sub/run.jsonl");
        try (RunLog log = RunLog.resume(file, 9)) {
            log.write(train(1));
        }
        assertEquals(1, RunLog.read(file).events().size());
        RunLog.start(file).close();
        assertEquals(0, RunLog.read(file).events().size());
    }

    @Test
    void theReaderSkipsWhatIsNoEvent() throws IOException {
        Path file = folder.resolve("run.jsonl");
        byte[] head =
                """
                [1, 2]
                nonsense
                {"phase":"train"}
                {"phase":null,"step":1}
                {"phase":"train","step":"many"}
                {"phase":"train","step":-1}
                {"phase":"train","step":1,"time":"yesterday"}

                {"phase":"train","step":5,"loss":0.5,"note":"text","nested":{"a":1},"flag":true}
                """
                        .getBytes(StandardCharsets.UTF_8);
        Files.write(file, head);
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0}, StandardOpenOption.APPEND);
        RunLog.Reading reading = RunLog.read(file);
        assertEquals(8, reading.numSkipped());
        assertEquals(1, reading.events().size());
        assertEquals(Map.of("loss", 0.5), reading.events().get(0).values());
        assertTrue(Double.isNaN(reading.events().get(0).value("accuracy")));
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = folder.resolve("absent.jsonl");
        var error = assertThrows(NoSuchFileException.class, () -> RunLog.read(file));
        assertEquals(file.toString(), error.getMessage());
    }

    @Test
    void namesAreChecked() {
        var name =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> RunEvent.validation(1, 1, Map.of("step", 2.0)));
        assertEquals(
                "value name must not be phase, step, epoch or time, got name=step",
                name.getMessage());
        var step = assertThrows(IllegalArgumentException.class, () -> train(-1));
        assertEquals("step must be >= 0, got step=-1", step.getMessage());
    }

    private static RunEvent train(long step) {
        return RunEvent.train(step, step / 10.0, 1.0 / step, 1e-4, 2.5);
    }
}
