package org.jzoo.examples.compress;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jzoo.zoo.card.ModelCard;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * What it cost to make a model smaller: after each step its weights, their bytes, its metrics on
 * the test data, and how long the first and the last one read a text.
 */
public final class CompressionReport {

    private static final double MEGA = 1e6;
    private static final double KILO = 1e3;

    private final LoadedModel whole;
    private final Lessons lessons;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Double> seconds = new LinkedHashMap<>();

    CompressionReport(LoadedModel whole, Lessons lessons) {
        this.whole = whole;
        this.lessons = lessons;
    }

    /**
     * A model on its way.
     *
     * @param name of the step that made it
     * @param weights how many numbers
     * @param bytes of its weights, the whole model's in float32 and others' as stored; 0 if it was
     *     not stored
     * @param metrics on the test data; empty without any
     */
    public record Step(String name, long weights, long bytes, Map<String, Double> metrics) {

        /** Keeps the metrics' order. */
        public Step {
            metrics = new LinkedHashMap<>(metrics);
        }

        static Step of(String name, LoadedModel model, long bytes, Lessons lessons)
                throws IOException {
            return new Step(name, model.numParameters(), bytes, lessons.measure(model));
        }

        /** The metrics, after the number of weights as "weights". */
        Map<String, Double> figures() {
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("weights", (double) weights);
            figures.putAll(metrics);
            return figures;
        }
    }

    /** Measures a model on the test data, as {@code name}. */
    public Step add(String name, LoadedModel model, long bytes) throws IOException {
        Step step = Step.of(name, model, bytes, lessons);
        steps.add(step);
        return step;
    }

    /**
     * Measures how long the whole model and the last one read a text, one after the other; nothing
     * if they read something else.
     *
     * @param last as it is used: loaded again
     */
    public void time(LoadedModel last) {
        if (ReadingTime.isMeasurable(whole)) {
            seconds.put(steps.get(0).name(), ReadingTime.of(whole));
            seconds.put(steps.get(steps.size() - 1).name(), ReadingTime.of(last));
        }
    }

    /** The steps in their order; the first is the whole model. */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** Seconds of a text by step, for those that were measured: {@link ReadingTime}. */
    public Map<String, Double> seconds() {
        return new LinkedHashMap<>(seconds);
    }

    // Of steps with metrics.
    Map<String, Map<String, Double>> figures() {
        Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
        steps.stream()
                .filter(step -> !step.metrics().isEmpty())
                .forEach(step -> figures.put(step.name(), step.figures()));
        return figures;
    }

    /** A table: a line of names, then one for each step. */
    public List<String> lines() {
        List<String> names = List.copyOf(steps.get(0).metrics().keySet());
        StringBuilder head =
                new StringBuilder("%-14s %13s %9s".formatted("what it cost", "weights", "MB"));
        if (!seconds.isEmpty()) {
            head.append(" %9s".formatted("ms a text"));
        }
        names.forEach(
                name -> head.append(" ".repeat(1 + width(name) - name.length())).append(name));
        List<String> lines = new ArrayList<>(List.of(head.toString()));
        steps.forEach(step -> lines.add(line(step, names)));
        return lines;
    }

    private String line(Step step, List<String> names) {
        StringBuilder line =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "%-14s %,13d %9s",
                                step.name(),
                                step.weights(),
                                step.bytes() == 0 ? "" : decimals(step.bytes() / MEGA, 2)));
        if (!seconds.isEmpty()) {
            Double time = seconds.get(step.name());
            line.append(" %9s".formatted(time == null ? "" : decimals(KILO * time, 2)));
        }
        for (String name : names) {
            String value = decimals(step.metrics().get(name), 4);
            line.append(" ").append(" ".repeat(Math.max(0, width(name) - value.length())));
            line.append(value);
        }
        return line.toString();
    }

    private static int width(String name) {
        return Math.max(10, name.length());
    }

    private static String decimals(Double value, int digits) {
        return value == null ? "" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** Tells a card what the steps before the last one were, and how large and slow the first. */
    public void into(ModelCard.Builder card) {
        for (Step step : steps.subList(0, steps.size() - 1)) {
            step.metrics()
                    .forEach(
                            (name, value) ->
                                    card.optMetric(
                                            name + ", " + step.name(),
                                            "test",
                                            value,
                                            lessons.numTested()));
        }
        Step first = steps.get(0);
        Step last = steps.get(steps.size() - 1);
        card.optBytes(last.bytes())
                .optSetting(
                        "whole model: weights, bytes in float32",
                        String.format(Locale.ROOT, "%,d, %,d", first.weights(), first.bytes()))
                .optSetting(
                        "weights that stayed",
                        decimals(100.0 * last.weights() / first.weights(), 1) + "%");
        seconds.forEach(
                (name, time) ->
                        card.optSpeed(
                                "%s, %s".formatted(ReadingTime.what(), name),
                                decimals(KILO * time, 2) + " ms"));
    }

    /** The same as a JSON object's members. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("steps", steps);
        map.put("secondsOfAText", seconds);
        return map;
    }
}
