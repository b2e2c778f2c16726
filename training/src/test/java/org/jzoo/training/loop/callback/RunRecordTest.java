package org.jzoo.training.loop.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.training.loop.EvaluationReport;
import org.jzoo.training.loop.ParameterReport;
import org.jzoo.training.loop.RunStart;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;
import org.jzoo.training.report.RunEvent;
import org.jzoo.training.report.RunLog;

final class RunRecordTest {

    @TempDir Path folder;

    private static RunStart start(long resumedStep) {
        return new RunStart(
                new ParameterReport(25, 100),
                TrainingConfig.builder().optSteps(6).build(),
                AdamWConfig.of(0.1),
                Schedule.constant(),
                6,
                resumedStep,
                Device.cpu());
    }

    private static void steps(TrainingCallback callback, int from, int to) {
        for (int step = from; step <= to; step++) {
            callback.onStep(new StepReport(step, 6, 0, step / 6.0, step, 0, 2, 0.1, 4, 36, 0.01));
        }
    }

    private static TrainingResult result(TrainingResult.End end, Path checkpoint) {
        return new TrainingResult(
                end, 6, 0, 1, Map.of(), Map.of("f1", 0.5), 4, checkpoint, true, 24, 216, 1, 6);
    }

    @Test
    void recordsTheMeanLossBetweenRecords() throws IOException {
        RunRecord record = new RunRecord(folder, 4);
        record.onStart(start(0));
        steps(record, 1, 4);
        record.onEvaluation(new EvaluationReport(4, 0, 4 / 6.0, Map.of("f1", 0.5), true, 0.1));
        steps(record, 5, 6);
        record.onEnd(result(TrainingResult.End.COMPLETED, null));
        List<RunEvent> events = RunLog.read(folder.resolve(RunRecord.LOG)).events();
        assertEquals(List.of(4L, 4L, 6L), events.stream().map(RunEvent::step).toList());
        assertEquals(2.5, events.get(0).value(RunEvent.LOSS));
        assertEquals(0.5, events.get(1).value("f1"));
        assertEquals(5.5, events.get(2).value(RunEvent.LOSS));
        assertEquals(1, events.get(2).epoch());
        assertEquals(1, folder.resolve(RunRecord.TENSOR_BOARD).toFile().list().length);
        BufferedImage curves = ImageIO.read(folder.resolve(RunRecord.CURVES).toFile());
        assertTrue(curves.getWidth() > 600 && curves.getHeight() > 400);
    }

    @Test
    void resumedRecordHasEveryStepOnce() throws IOException {
        RunRecord killed = new RunRecord(folder, 1);
        killed.onStart(start(0));
        steps(killed, 1, 5);
        RunRecord resumed = new RunRecord(folder, 1);
        resumed.onStart(start(3));
        steps(resumed, 4, 6);
        resumed.onEnd(result(TrainingResult.End.COMPLETED, null));
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L, 6L),
                RunLog.read(folder.resolve(RunRecord.LOG)).events().stream()
                        .map(RunEvent::step)
                        .toList());
    }

    @Test
    void unwritableFolderDoesNotStopTheTraining() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        RunRecord record = new RunRecord(file, 1);
        record.onStart(start(0));
        steps(record, 1, 6);
        record.onEnd(result(TrainingResult.End.COMPLETED, null));
        assertEquals("", Files.readString(file));
    }

    @Test
    void displayShowsParametersEvaluationsAndTheEnd() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ProgressDisplay display =
                new ProgressDisplay(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);
        display.onStart(start(0));
        steps(display, 1, 4);
        display.onEvaluation(new EvaluationReport(4, 0, 4 / 6.0, Map.of("f1", 0.5), true, 0.1));
        display.onCheckpointFailure(4, new IOException("No space left on device"));
        display.onEnd(result(TrainingResult.End.INTERRUPTED, Path.of("step-6")));
        String shown = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(
                shown.startsWith("trainable params: 25 || all params: 100 || trainable%: 25.0000"),
                shown);
        assertTrue(shown.contains("step 4: f1 0.5000 (best so far)\n"), shown);
        assertTrue(shown.contains("the one before is kept: java.io.IOException: No space"), shown);
        assertTrue(shown.endsWith("interrupted after step 6; to be resumed from step-6\n"), shown);
    }
}
