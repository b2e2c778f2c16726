package org.jzoo.examples.bench;

import com.google.gson.GsonBuilder;
import java.util.List;

/**
 * What {@link EncodeBench} measured.
 *
 * @param model the encoder's name
 * @param threads of each engine
 * @param rows one for each batch and candidate, ONNX Runtime first
 */
public record EncodeBenchReport(String model, int threads, List<Row> rows) {

    /** Validates. */
    public EncodeBenchReport {
        rows = List.copyOf(rows);
    }

    /**
     * One candidate on one batch.
     *
     * @param shape batch x tokens
     * @param candidate "onnxruntime" or a packed mode
     * @param medianMillis median time of a call
     * @param leastMillis least time of a call
     * @param calls how many were counted
     * @param speedup ONNX Runtime's median over this one's
     * @param leastSpeedup ONNX Runtime's least time over this one's
     * @param cosine least cosine, over the batch, between the mean-pooled states of ONNX Runtime
     *     and of this candidate
     */
    public record Row(
            String shape,
            String candidate,
            double medianMillis,
            double leastMillis,
            int calls,
            double speedup,
            double leastSpeedup,
            double cosine) {}

    /** The rows as a Markdown table. */
    public String table() {
        StringBuilder text = new StringBuilder(512);
        text.append("| batch x tokens | candidate | median ms | least ms | speedup |")
                .append(" of least times | cosine |\n|---|---|---|---|---|---|---|\n");
        for (Row row : rows) {
            text.append(
                    "| %s | %s | %.2f | %.2f | %.2f | %.2f | %.6f |%n"
                            .formatted(
                                    row.shape(),
                                    row.candidate(),
                                    row.medianMillis(),
                                    row.leastMillis(),
                                    row.speedup(),
                                    row.leastSpeedup(),
                                    row.cosine()));
        }
        return text.toString();
    }

    /** The report as a JSON object. */
    public String json() {
        return new GsonBuilder().setPrettyPrinting().create().toJson(this);
    }
}
