package org.jzoo.training.report;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * The progress of a run in one line: steps, loss, rate and the time left.
 *
 * <pre>
 * train [=======>            ]  37%  step 444/1200  loss 0.2131  1,284 examples/s  left 02:13
 * </pre>
 *
 * <p>On a terminal the line is drawn over itself, at most ten times a second and each time with one
 * write, so that it does not flicker. Elsewhere (a file, a pipe, a build server) a plain line is
 * printed for the first step, then every {@code interval}, and for the last one. The time left is
 * the remaining steps times the median of the last 50 steps' durations.
 */
public final class ProgressLine implements AutoCloseable {

    private static final long REDRAW_NANOS = 100_000_000L;
    private static final int WINDOW = 50;
    private static final int BAR_WIDTH = 20;

    private final Builder options;
    private final long startNanos;
    private final MovingMedian secondsPerStep = new MovingMedian(WINDOW);
    private final MovingMedian unitsPerSecond = new MovingMedian(WINDOW);
    private long step;
    private long stepNanos;
    private double loss = Double.NaN;
    private String status = "";
    private boolean printed;
    private long printNanos;
    private int drawnWidth; // of the line that stands on the terminal; 0 if none

    private ProgressLine(Builder options) {
        this.options = options;
        step = options.firstStep;
        startNanos = options.clock.getAsLong();
        stepNanos = startNanos;
    }

    /** A builder with one required option, the total number of steps. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reports steps as done.
     *
     * @param doneSteps how many steps are done in all, those before a resume included; a call that
     *     does not advance is ignored
     * @param stepLoss the loss to show; {@code NaN} shows none
     * @param units how many examples or tokens the steps since the last call took
     */
    public synchronized void step(long doneSteps, double stepLoss, long units) {
        if (doneSteps <= step) {
            return;
        }
        long now = options.clock.getAsLong();
        double seconds = Math.max(1e-9, (now - stepNanos) / 1e9);
        secondsPerStep.add(seconds / (doneSteps - step));
        unitsPerSecond.add(units / seconds);
        step = doneSteps;
        stepNanos = now;
        loss = stepLoss;
        long wait = options.terminal ? REDRAW_NANOS : options.interval.toNanos();
        if (!printed || step >= options.totalSteps || now - printNanos >= wait) {
            print(now);
        }
    }

    /** Sets a short text for the end of the line, such as the last validation figure. */
    public synchronized void status(String text) {
        status = TextTable.singleLine(text);
    }

    /** Prints a line of its own above the progress line. */
    public synchronized void message(String text) {
        if (drawnWidth == 0) {
            options.output.print(text + "\n");
        } else {
            String line = fit(line());
            options.output.print("\r" + padded(text) + "\n" + line);
            drawnWidth = TextTable.width(line);
        }
        options.output.flush();
    }

    /** Ends the line. Calling it twice does nothing more. */
    @Override
    public synchronized void close() {
        if (drawnWidth > 0) {
            String line = fit(line());
            options.output.print("\r" + padded(line) + "\n");
            options.output.flush();
            drawnWidth = 0;
        }
    }

    private void print(long now) {
        printed = true;
        printNanos = now;
        if (options.terminal) {
            String line = fit(line());
            options.output.print("\r" + padded(line));
            drawnWidth = TextTable.width(line);
        } else {
            options.output.print(line() + "\n");
        }
        options.output.flush();
    }

    /** Blanks cover what is left of a longer line before; no erase, which would flicker. */
    private String padded(String text) {
        return TextTable.pad(text, drawnWidth, TextTable.Align.LEFT);
    }

    /** A line that wraps could not be drawn over. */
    private String fit(String line) {
        int end = line.length();
        while (TextTable.width(line.substring(0, end)) >= options.width) {
            end = line.offsetByCodePoints(end, -1);
        }
        return line.substring(0, end);
    }

    private String line() {
        double fraction = Math.min(1, (double) step / options.totalSteps);
        StringBuilder line = new StringBuilder(options.label);
        if (options.terminal) {
            int filled = (int) (fraction * BAR_WIDTH);
            String head = filled < BAR_WIDTH ? ">" + " ".repeat(BAR_WIDTH - filled - 1) : "";
            line.append(" [").append("=".repeat(filled)).append(head).append(']');
        }
        line.append(
                String.format(
                        Locale.ROOT,
                        " %3d%%  step %d/%d",
                        (int) (fraction * 100),
                        step,
                        options.totalSteps));
        if (!Double.isNaN(loss)) {
            line.append("  loss ").append(shortNumber(loss));
        }
        double rate = unitsPerSecond.value();
        if (rate > 0) {
            String form = rate < 10 ? "  %.2f %s/s" : "  %,.0f %s/s";
            line.append(String.format(Locale.ROOT, form, rate, options.unit));
        }
        if (step >= options.totalSteps) {
            line.append("  took ").append(clock((stepNanos - startNanos) / 1e9));
        } else {
            double left = secondsPerStep.value() * (options.totalSteps - step);
            line.append("  left ").append(clock(left));
        }
        return status.isEmpty() ? line.toString() : line.append("  ").append(status).toString();
    }

    private static String shortNumber(double value) {
        boolean plain = value == 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5);
        return String.format(Locale.ROOT, plain ? "%.4f" : "%.3e", value);
    }

    /** {@code 02:13} or {@code 1:02:13}; {@code --:--} if not known. */
    static String clock(double seconds) {
        if (Double.isNaN(seconds)) {
            return "--:--";
        }
        long whole = Math.round(seconds);
        String tail = String.format(Locale.ROOT, "%02d:%02d", whole / 60 % 60, whole % 60);
        return whole < 3600 ? tail : whole / 3600 + ":" + tail;
    }

    /** Whether standard output is a terminal that can draw a line over itself. */
    @SuppressWarnings("SystemConsoleNull") // JDK 17 has null; newer ones are asked below
    public static boolean isTerminal() {
        Console console = System.console();
        String kind = System.getenv("TERM");
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        if (console == null || Objects.equals(kind, "dumb") || (kind == null && !windows)) {
            return false;
        }
        try { // from JDK 22 on there may be a console without a terminal
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Options of a {@link ProgressLine}. */
    public static final class Builder {

        private long totalSteps;
        private long firstStep;
        private String label = "train";
        private String unit = "examples";
        private Duration interval = Duration.ofSeconds(10);
        private boolean terminal = isTerminal();
        private int width = terminalWidth();
        private PrintStream output = System.out;
        private LongSupplier clock = System::nanoTime;

        private Builder() {}

        private static int terminalWidth() {
            String columns = System.getenv("COLUMNS");
            return columns != null && columns.matches("[1-9][0-9]{1,4}")
                    ? Integer.parseInt(columns)
                    : 100;
        }

        /** Sets how many steps the run has, at least 1. */
        public Builder setTotalSteps(long totalSteps) {
            this.totalSteps = totalSteps;
            return this;
        }

        /** Sets how many steps were done before, when resuming; 0 by default. */
        public Builder optFirstStep(long firstStep) {
            this.firstStep = firstStep;
            return this;
        }

        /** Sets the word that the line begins with; {@code train} by default. */
        public Builder optLabel(String label) {
            this.label = TextTable.singleLine(label);
            return this;
        }

        /** Sets what the rate counts; {@code examples} by default. */
        public Builder optUnit(String unit) {
            this.unit = unit;
            return this;
        }

        /** Sets the time between two lines where there is no terminal; 10 seconds by default. */
        public Builder optInterval(Duration interval) {
            this.interval = interval;
            return this;
        }

        /** Sets whether to draw over the line; {@link #isTerminal()} by default. */
        public Builder optTerminal(boolean terminal) {
            this.terminal = terminal;
            return this;
        }

        /** Sets the terminal's columns; {@code COLUMNS} of the environment or 100 by default. */
        public Builder optWidth(int width) {
            this.width = width;
            return this;
        }

        /** Sets where to print; standard output by default. */
        public Builder optOutput(PrintStream output) {
            this.output = output;
            return this;
        }

        /** Sets the source of nanoseconds; {@link System#nanoTime} by default. */
        public Builder optClock(LongSupplier clock) {
            this.clock = clock;
            return this;
        }

        /** Starts the line's clock. */
        public ProgressLine build() {
            if (totalSteps < 1 || firstStep < 0) {
                throw new IllegalArgumentException(
                        "totalSteps must be >= 1 and firstStep >= 0, got totalSteps=%d, firstStep=%d"
                                .formatted(totalSteps, firstStep));
            }
            return new ProgressLine(this);
        }
    }
}
