package org.jzoo.training.report;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jzoo.training.metric.SeedSummary;

/**
 * One row of results: what was run, and each figure once for each seed.
 *
 * @param labels what tells the row from the others, such as {@code model → minilm-l6}
 * @param values for each figure's name one value a seed, in the order of the seeds
 */
public record ResultRow(Map<String, String> labels, Map<String, List<Double>> values) {

    /** Copies the maps; every value must be finite and every figure have one. */
    public ResultRow {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        Map<String, List<Double>> copy = new LinkedHashMap<>();
        values.forEach((name, runs) -> copy.put(name, List.copyOf(runs)));
        values = Collections.unmodifiableMap(copy);
        values.forEach(
                (name, runs) -> {
                    if (runs.isEmpty() || runs.stream().anyMatch(v -> !Double.isFinite(v))) {
                        throw new IllegalArgumentException(
                                "values of %s must be one or more finite numbers, got values=%s"
                                        .formatted(name, runs));
                    }
                });
    }

    /** A row with this one label and no figures yet. */
    public static ResultRow of(String label, String value) {
        return new ResultRow(Map.of(label, value), Map.of());
    }

    /** This row with another label. */
    public ResultRow label(String label, String value) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(label, value);
        return new ResultRow(more, values);
    }

    /** This row with another figure, one value a seed. */
    public ResultRow figure(String name, double... runs) {
        Map<String, List<Double>> more = new LinkedHashMap<>(values);
        more.put(name, Arrays.stream(runs).boxed().toList());
        return new ResultRow(labels, more);
    }

    /** Mean and spread of a figure over the seeds; empty if the row does not have it. */
    public Optional<SeedSummary> summary(String figure) {
        return Optional.ofNullable(values.get(figure)).map(SeedSummary::new);
    }
}
