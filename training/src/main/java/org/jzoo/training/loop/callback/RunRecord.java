package org.jzoo.training.loop.callback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jzoo.training.loop.EvaluationReport;
import org.jzoo.training.loop.RunStart;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.report.RunEvent;
import org.jzoo.training.report.RunLog;
import org.jzoo.training.report.TensorBoardEvents;
import org.jzoo.training.report.picture.Curves;
import org.jzoo.training.report.picture.Pictures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves a record of a training in a folder: {@value #LOG}, one JSON object a line, TensorBoard
 * events in {@value #TENSOR_BOARD}, and the curves as {@value #CURVES}, drawn at the end and now
 * and then before. A resumed training goes on with them.
 *
 * <p>What cannot be written is lost with a warning; the training goes on.
 */
public final class RunRecord implements TrainingCallback {

    /** The log's file name. */
    public static final String LOG = "log.jsonl";

    /** The name of the folder of TensorBoard events. */
    public static final String TENSOR_BOARD = "tensorboard";

    /** The picture's file name. */
    public static final String CURVES = "curves.png";

    private static final long DRAW_NANOS = 60_000_000_000L;

    private static final Logger LOGGER = LoggerFactory.getLogger(RunRecord.class);

    private final Path folder;
    private final int every;
    private RunLog log;
    private TensorBoardEvents events;
    private double lossSum;
    private int lossCount;
    private boolean warned;
    private long drawn = System.nanoTime();

    /** Writes. */
    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    /**
     * Records into a folder.
     *
     * @param folder created if it is missing
     * @param every steps between records, at least 1; a record's loss is the mean since the one
     *     before
     * @throws IllegalArgumentException if {@code every < 1}
     */
    public RunRecord(Path folder, int every) {
        if (every < 1) {
            throw new IllegalArgumentException("every must be >= 1, got every=" + every);
        }
        this.folder = folder;
        this.every = every;
    }

    @Override
    public void onStart(RunStart start) {
        attempt(
                () -> {
                    Files.createDirectories(folder);
                    Path file = folder.resolve(LOG);
                    Path board = folder.resolve(TENSOR_BOARD);
                    long step = start.resumedStep();
                    log = step > 0 ? RunLog.resume(file, step) : RunLog.start(file);
                    events =
                            step > 0
                                    ? TensorBoardEvents.resume(board, step)
                                    : new TensorBoardEvents(board);
                });
    }

    @Override
    public void onStep(StepReport step) {
        lossSum += step.loss();
        lossCount++;
        if (step.step() % every == 0 || step.step() == step.totalSteps()) {
            write(
                    RunEvent.train(
                            step.step(),
                            step.epochs(),
                            lossSum / lossCount,
                            step.learningRate(),
                            step.gradientNorm()));
            lossSum = 0;
            lossCount = 0;
        }
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        write(RunEvent.validation(report.step(), report.epochs(), report.metrics()));
        if (System.nanoTime() - drawn > DRAW_NANOS) {
            draw();
        }
    }

    @Override
    public void onEnd(TrainingResult result) {
        close();
    }

    @Override
    public void onFailure(RuntimeException cause) {
        close();
    }

    private void write(RunEvent event) {
        attempt(
                () -> {
                    if (log != null && log.write(event) && events != null) {
                        events.scalars(event);
                    }
                });
    }

    private void close() {
        attempt(
                () -> {
                    if (log != null) {
                        log.close();
                    }
                    if (events != null) {
                        events.close();
                    }
                });
        draw();
    }

    private void draw() {
        Path file = folder.resolve(LOG);
        if (log != null && Files.exists(file)) {
            Pictures.tryWrite(folder.resolve(CURVES), () -> Curves.draw("Training", events(file)));
        }
        drawn = System.nanoTime();
    }

    private static List<RunEvent> events(Path file) {
        try {
            return RunLog.read(file).events();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void attempt(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            if (!warned) {
                LOGGER.warn("The record of the training in {} has gaps: {}", folder, e.toString());
                warned = true;
            }
        }
    }
}
