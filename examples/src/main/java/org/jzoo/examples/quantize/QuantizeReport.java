package org.jzoo.examples.quantize;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.training.compression.quantization.MapReport;

/**
 * What a quantization did.
 *
 * @param model what was packed
 * @param method how
 * @param bytesBefore of all weights in float32
 * @param bytesAfter of the saved file of weights
 * @param maps what was done to each linear map
 * @param before metrics of the float32 model; empty without test data
 * @param after metrics of the saved model, loaded again; those of {@code before}, or the mean
 *     cosine of its vectors to the float32 model's
 */
public record QuantizeReport(
        String model,
        String method,
        long bytesBefore,
        long bytesAfter,
        List<MapReport> maps,
        Map<String, Double> before,
        Map<String, Double> after) {

    /** Copies; metrics keep their order. */
    public QuantizeReport {
        maps = List.copyOf(maps);
        before = Collections.unmodifiableMap(new LinkedHashMap<>(before));
        after = Collections.unmodifiableMap(new LinkedHashMap<>(after));
    }

    /** The same of a model that has been saved. */
    public QuantizeReport saved(long bytes, Map<String, Double> metrics) {
        return new QuantizeReport(model, method, bytesBefore, bytes, maps, before, metrics);
    }

    /** Size before through size after. */
    public double factor() {
        return (double) bytesBefore / bytesAfter;
    }

    /** The mean over maps of the outputs' relative error; NaN if no texts were given. */
    public double meanOutputError() {
        return maps.stream().mapToDouble(MapReport::outputError).average().orElse(Double.NaN);
    }
}
