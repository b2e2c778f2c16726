package org.jzoo.examples.bench;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDManager;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.packed.PackedMode;
import org.jzoo.examples.bench.EncodeBenchConfig.BatchShape;
import org.jzoo.zoo.encoder.EncoderPacking;
import org.jzoo.zoo.encoder.TextModel;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Pretrained;

/**
 * Times packed encoders against ONNX Runtime on the same weights, in one process, as {@link
 * EncodeTurns} does.
 */
public final class EncodeBench {

    private final EncodeBenchConfig config;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param config what to measure
     * @param progress told one line per batch
     */
    public EncodeBench(EncodeBenchConfig config, Consumer<String> progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * Measures. Sets the process-wide number of PyTorch's threads.
     *
     * @throws IllegalArgumentException if the zoo has no such pretrained encoder
     * @throws IOException if its weights are not on the class path
     */
    public EncodeBenchReport run()
            throws IOException, MalformedModelException, OrtException, InterruptedException {
        Pretrained pretrained =
                Pretrained.of(config.model())
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "model must be a pretrained encoder, got model="
                                                        + config.model()));
        PyTorch.setThreads(config.threads());
        List<EncodeTurns.Candidate> candidates = new ArrayList<>();
        try (NDManager manager = PyTorch.newBaseManager()) {
            candidates.add(OnnxRuntimeCandidate.float32(pretrained.resource(), config.threads()));
            try (LoadedModel model = pretrained.load(pretrained.task(), Device.cpu())) {
                TextModel text = (TextModel) model.block();
                for (PackedMode mode : config.modes()) {
                    candidates.add(
                            new PackedCandidate(
                                    mode.name().toLowerCase(Locale.ROOT),
                                    EncoderPacking.pack(text.encoder(), mode),
                                    manager));
                }
            }
            List<EncodeBenchReport.Row> rows = new ArrayList<>();
            for (BatchShape shape : config.shapes()) {
                rows.addAll(measure(shape, candidates));
            }
            return new EncodeBenchReport(config.model(), config.threads(), rows);
        } finally {
            for (EncodeTurns.Candidate candidate : candidates) {
                candidate.close();
            }
        }
    }

    private List<EncodeBenchReport.Row> measure(
            BatchShape shape, List<EncodeTurns.Candidate> candidates)
            throws OrtException, InterruptedException {
        List<EncodeTurns.Timing> timings =
                EncodeTurns.measure(candidates, shape, config.secondsPerShape());
        return rows(shape, timings);
    }

    private List<EncodeBenchReport.Row> rows(BatchShape shape, List<EncodeTurns.Timing> timings) {
        List<EncodeBenchReport.Row> rows = new ArrayList<>();
        EncodeTurns.Timing first = timings.get(0);
        StringBuilder line = new StringBuilder(shape.toString());
        for (EncodeTurns.Timing timing : timings) {
            EncodeBenchReport.Row row =
                    new EncodeBenchReport.Row(
                            shape.toString(),
                            timing.candidate(),
                            timing.median(),
                            timing.least(),
                            timing.millis().length,
                            first.median() / timing.median(),
                            first.least() / timing.least(),
                            timing.leastCosine(first));
            rows.add(row);
            line.append(
                    "  %s %.2f ms (x%.2f)"
                            .formatted(row.candidate(), row.medianMillis(), row.speedup()));
        }
        progress.accept(line.toString());
        return rows;
    }
}
