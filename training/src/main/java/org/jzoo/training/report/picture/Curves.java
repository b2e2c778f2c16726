package org.jzoo.training.report.picture;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jzoo.training.report.RunEvent;

/**
 * The curves of a run in one picture: training and validation loss, the validation metrics, the
 * learning rate and the gradient norm, each over the optimizer steps.
 *
 * <p>Metrics whose values all lie in −1 … 1 share a panel; others have one of their own. A curve of
 * more than 100 points is shown smoothed, over its raw values in a tint.
 */
public final class Curves {

    private static final int PANEL_WIDTH = 640;
    private static final int PANEL_HEIGHT = 400;
    private static final int TITLE_HEIGHT = 48;
    private static final int SMOOTH_FROM = 100;
    private static final int MOST_POINTS = 1000;
    private static final String STEPS = "optimizer steps";

    private final List<RunEvent> events;

    private Curves(List<RunEvent> events) {
        this.events = events;
    }

    /**
     * Draws the curves of a run; panels without values are left out.
     *
     * @param title the picture's title
     * @param events the events of the run, in the order of their steps
     * @throws IllegalStateException if this machine cannot draw text; the message says what to do
     */
    public static BufferedImage draw(String title, List<RunEvent> events) {
        List<LinePicture> panels = new Curves(events).panels();
        int columns = panels.size() == 1 ? 1 : 2;
        int rows = (panels.size() + columns - 1) / columns;
        return Pictures.draw(
                PANEL_WIDTH * columns,
                TITLE_HEIGHT + PANEL_HEIGHT * rows,
                graphics -> {
                    graphics.setColor(Palette.INK);
                    graphics.setFont(Pictures.bold(20));
                    graphics.drawString(title, 24, 34);
                    for (int i = 0; i < panels.size(); i++) {
                        Graphics2D part =
                                (Graphics2D)
                                        graphics.create(
                                                i % columns * PANEL_WIDTH,
                                                TITLE_HEIGHT + i / columns * PANEL_HEIGHT,
                                                PANEL_WIDTH,
                                                PANEL_HEIGHT);
                        panels.get(i).draw(part);
                        part.dispose();
                    }
                });
    }

    private List<LinePicture> panels() {
        List<LinePicture> panels = new ArrayList<>();
        LinePicture loss = panel("Loss", "loss");
        for (String phase : phases()) {
            curve(loss, phase, phase, RunEvent.LOSS);
        }
        panels.add(loss);
        List<String> fractions = metrics().stream().filter(this::isFraction).toList();
        if (fractions.size() == 1) {
            panels.add(metricPanel(fractions.get(0)));
        } else if (!fractions.isEmpty()) {
            LinePicture shared = panel("Validation metrics", "value");
            fractions.forEach(metric -> curve(shared, metric, RunEvent.VALIDATION, metric));
            panels.add(shared);
        }
        metrics().stream()
                .filter(metric -> !isFraction(metric))
                .forEach(metric -> panels.add(metricPanel(metric)));
        addTrainPanel(panels, "Learning rate", "learning rate", RunEvent.LEARNING_RATE);
        addTrainPanel(panels, "Gradient norm", "norm before clipping", RunEvent.GRADIENT_NORM);
        return panels;
    }

    private LinePicture metricPanel(String metric) {
        LinePicture panel = panel("Validation " + metric, metric);
        curve(panel, metric, RunEvent.VALIDATION, metric);
        return panel;
    }

    private static LinePicture panel(String title, String yTitle) {
        return new LinePicture(title, STEPS, yTitle).size(PANEL_WIDTH, PANEL_HEIGHT);
    }

    private void addTrainPanel(List<LinePicture> panels, String title, String yTitle, String name) {
        if (has(RunEvent.TRAIN, name)) {
            boolean smoothed = points(RunEvent.TRAIN, name).size() > SMOOTH_FROM && !exact(name);
            LinePicture panel = panel(title + (smoothed ? ", smoothed" : ""), yTitle);
            curve(panel, title, RunEvent.TRAIN, name);
            panels.add(panel);
        }
    }

    private Set<String> phases() {
        Set<String> phases = new LinkedHashSet<>();
        events.forEach(event -> phases.add(event.phase()));
        phases.removeIf(phase -> !has(phase, RunEvent.LOSS));
        return phases;
    }

    private Set<String> metrics() {
        Set<String> metrics = new LinkedHashSet<>();
        for (RunEvent event : events) {
            if (event.phase().equals(RunEvent.VALIDATION)) {
                metrics.addAll(event.values().keySet());
            }
        }
        metrics.remove(RunEvent.LOSS);
        metrics.removeIf(metric -> !has(RunEvent.VALIDATION, metric));
        return metrics;
    }

    private boolean has(String phase, String name) {
        return !points(phase, name).isEmpty();
    }

    private List<RunEvent> points(String phase, String name) {
        return events.stream()
                .filter(e -> e.phase().equals(phase) && Double.isFinite(e.value(name)))
                .toList();
    }

    /** A schedule has no noise to smooth. */
    private static boolean exact(String name) {
        return name.equals(RunEvent.LEARNING_RATE);
    }

    private boolean isFraction(String metric) {
        return events.stream()
                .filter(event -> event.phase().equals(RunEvent.VALIDATION))
                .mapToDouble(event -> event.value(metric))
                .filter(Double::isFinite)
                .allMatch(value -> Math.abs(value) <= 1);
    }

    private void curve(LinePicture panel, String label, String phase, String name) {
        List<RunEvent> points = points(phase, name);
        if (points.isEmpty()) {
            return;
        }
        double[] steps = points.stream().mapToDouble(RunEvent::step).toArray();
        double[] values = points.stream().mapToDouble(event -> event.value(name)).toArray();
        if (values.length <= SMOOTH_FROM || exact(name)) {
            panel.line(label, thinned(steps), thinned(values));
            return;
        }
        panel.raw(thinned(steps), thinned(values));
        panel.line(label + ", smoothed", thinned(steps), thinned(smoothed(values)));
    }

    /** Each value's mean with its neighbours, 2% of all values to each side, fewer at the ends. */
    static double[] smoothed(double[] values) {
        double[] sums = new double[values.length + 1];
        for (int i = 0; i < values.length; i++) {
            sums[i + 1] = sums[i] + values[i];
        }
        double[] smooth = new double[values.length];
        int reach = Math.max(1, values.length / 50);
        for (int i = 0; i < values.length; i++) {
            int from = Math.max(0, i - reach);
            int to = Math.min(values.length, i + reach + 1);
            smooth[i] = (sums[to] - sums[from]) / (to - from);
        }
        return smooth;
    }

    /** At most {@link #MOST_POINTS} values, evenly spaced, the first and last among them. */
    static double[] thinned(double[] values) {
        if (values.length <= MOST_POINTS) {
            return values;
        }
        double[] thin = new double[MOST_POINTS];
        for (int i = 0; i < MOST_POINTS; i++) {
            thin[i] = values[(int) ((long) i * (values.length - 1) / (MOST_POINTS - 1))];
        }
        return thin;
    }
}
