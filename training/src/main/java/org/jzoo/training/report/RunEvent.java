package org.jzoo.training.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was measured at one step of a run.
 *
 * @param phase {@link #TRAIN}, {@link #VALIDATION} or another name
 * @param step the number of optimizer steps done, at least 0
 * @param epoch passes over the training data done, with fraction
 * @param time when it was measured
 * @param values figures by name, in the order to show them; {@link #LOSS}, {@link #LEARNING_RATE},
 *     {@link #GRADIENT_NORM} and the names of metrics
 */
public record RunEvent(
        String phase, long step, double epoch, Instant time, Map<String, Double> values) {

    /** The phase of figures taken while training. */
    public static final String TRAIN = "train";

    /** The phase of figures taken on validation data. */
    public static final String VALIDATION = "validation";

    /** The value name of the mean loss of an example or token. */
    public static final String LOSS = "loss";

    /** The value name of the learning rate that the step used. */
    public static final String LEARNING_RATE = "learningRate";

    /** The value name of the global gradient norm before clipping. */
    public static final String GRADIENT_NORM = "gradientNorm";

    private static final Set<String> RESERVED = Set.of("phase", "step", "epoch", "time");

    /** Checks the names and copies the values. */
    public RunEvent {
        if (phase.isBlank()) {
            throw new IllegalArgumentException("phase must not be blank, got phase=" + phase);
        }
        if (step < 0) {
            throw new IllegalArgumentException("step must be >= 0, got step=" + step);
        }
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        for (String name : values.keySet()) {
            if (RESERVED.contains(name)) {
                throw new IllegalArgumentException(
                        "value name must not be phase, step, epoch or time, got name=" + name);
            }
        }
    }

    /** A training step, measured now. */
    public static RunEvent train(
            long step, double epoch, double loss, double learningRate, double gradientNorm) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(LOSS, loss);
        values.put(LEARNING_RATE, learningRate);
        values.put(GRADIENT_NORM, gradientNorm);
        return new RunEvent(TRAIN, step, epoch, Instant.now(), values);
    }

    /** An evaluation after {@code step} steps, measured now. */
    public static RunEvent validation(long step, double epoch, Map<String, Double> values) {
        return new RunEvent(VALIDATION, step, epoch, Instant.now(), values);
    }

    /** The value of this name; {@code NaN} if there is none. */
    public double value(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    /**
     * One JSON object on one line, values beside the step: {@code {"phase":"train","step":1, …}}.
     * JSON has no infinities or NaN: they are written as text.
     */
    public String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("phase", phase);
        json.addProperty("step", step);
        json.add("epoch", number(epoch));
        json.addProperty("time", time.toString());
        values.forEach((name, value) -> json.add(name, number(value)));
        return json.toString();
    }

    private static JsonPrimitive number(double value) {
        return Double.isFinite(value)
                ? new JsonPrimitive(value)
                : new JsonPrimitive(Double.toString(value));
    }

    /**
     * The event of a line; empty if the line is no event. Fields that are no numbers are skipped.
     */
    static Optional<RunEvent> parse(String line) {
        try {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            if (!json.has("phase") || !json.has("step")) {
                return Optional.empty();
            }
            Map<String, Double> values = new LinkedHashMap<>();
            for (Map.Entry<String, JsonElement> field : json.entrySet()) {
                if (!RESERVED.contains(field.getKey())) {
                    value(field.getValue()).ifPresent(v -> values.put(field.getKey(), v));
                }
            }
            return Optional.of(
                    new RunEvent(
                            json.get("phase").getAsString(),
                            json.get("step").getAsLong(),
                            json.has("epoch") ? json.get("epoch").getAsDouble() : Double.NaN,
                            json.has("time")
                                    ? Instant.parse(json.get("time").getAsString())
                                    : Instant.EPOCH,
                            values));
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException
                | DateTimeException e) { // no object, or a field of another type
            return Optional.empty();
        }
    }

    private static Optional<Double> value(JsonElement field) {
        if (!field.isJsonPrimitive() || field.getAsJsonPrimitive().isBoolean()) {
            return Optional.empty();
        }
        try {
            return Optional.of(field.getAsDouble());
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
