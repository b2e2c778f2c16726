package org.jzoo.training.loop.callback;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jzoo.training.loop.EvaluationReport;
import org.jzoo.training.loop.RunStart;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.report.ProgressLine;

/**
 * Shows a training: how many numbers learn, a {@link ProgressLine} with the time left, and a line
 * for each evaluation.
 */
public final class ProgressDisplay implements TrainingCallback {

    private final PrintStream output;
    private final boolean terminal;
    private ProgressLine line;

    /** Shows on standard output. */
    public ProgressDisplay() {
        this(System.out, ProgressLine.isTerminal());
    }

    /**
     * Shows elsewhere.
     *
     * @param output where to print
     * @param terminal whether to draw the line over itself
     */
    public ProgressDisplay(PrintStream output, boolean terminal) {
        this.output = output;
        this.terminal = terminal;
    }

    @Override
    public void onStart(RunStart start) {
        line =
                ProgressLine.builder()
                        .setTotalSteps(start.totalSteps())
                        .optFirstStep(start.resumedStep())
                        .optOutput(output)
                        .optTerminal(terminal)
                        .build();
        line.message(start.parameters().line());
        if (start.resumedStep() > 0) {
            line.message("resumed after step " + start.resumedStep());
        }
    }

    @Override
    public void onStep(StepReport step) {
        line.step(step.step(), step.loss(), step.examples());
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        String figures = figures(report.metrics());
        line.status(figures);
        line.message(
                "step %d: %s%s"
                        .formatted(report.step(), figures, report.best() ? " (best so far)" : ""));
    }

    private static String figures(Map<String, Double> metrics) {
        return metrics.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
                .collect(Collectors.joining(", "));
    }

    @Override
    public void onCheckpointFailure(long step, IOException cause) {
        line.message(
                "warning: no checkpoint after step %d, the one before is kept: %s"
                        .formatted(step, cause));
    }

    @Override
    public void onEnd(TrainingResult result) {
        line.close();
        if (result.end() == TrainingResult.End.EARLY_STOPPED) {
            output.println(
                    "stopped early after step %d; the best was step %d: %s"
                            .formatted(
                                    result.step(),
                                    result.bestStep(),
                                    figures(result.bestMetrics())));
        } else if (result.interrupted()) {
            output.println(
                    "interrupted after step %d; %s"
                            .formatted(
                                    result.step(),
                                    result.checkpointSaved()
                                            ? "to be resumed from " + result.checkpoint()
                                            : "not saved"));
        }
    }

    @Override
    public void onFailure(RuntimeException cause) {
        if (line != null) {
            line.close();
        }
    }
}
