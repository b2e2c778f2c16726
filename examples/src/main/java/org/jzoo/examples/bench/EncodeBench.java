package org.jzoo.examples.bench;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.packed.PackedEncoder;
import org.jzoo.blocks.packed.PackedMode;
import org.jzoo.examples.bench.EncodeBenchConfig.BatchShape;
import org.jzoo.zoo.encoder.EncoderPacking;
import org.jzoo.zoo.encoder.TextModel;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Pretrained;

/**
 * Times packed encoders against ONNX Runtime on the same weights, in one process.
 *
 * <p>A call goes from token ids in Java to the last hidden state in native memory; neither side
 * pools. Candidates take turns in bursts, so that all see the same disturbances, with a pause
 * before each in which the worker threads of the one before go to sleep. The first call of a burst,
 * which finds the caches full of the other's weights, and the whole first round are not counted.
 */
public final class EncodeBench {

    private static final long PAUSE_MILLIS = 6;
    private static final int LEAST_ROUNDS = 3;
    // Ids of ordinary words in the vocabularies of the encoders that can be measured.
    private static final int FIRST_WORD = 1000;
    private static final int LAST_WORD = 20_000;

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
        List<Candidate> candidates = new ArrayList<>();
        try (NDManager manager = PyTorch.newBaseManager()) {
            candidates.add(new OnnxRuntimeCandidate(pretrained.resource(), config.threads()));
            try (LoadedModel model = pretrained.load(pretrained.task(), Device.cpu())) {
                TextModel text = (TextModel) model.block();
                for (PackedMode mode : config.modes()) {
                    candidates.add(
                            new PackedCandidate(
                                    EncoderPacking.pack(text.encoder(), mode), manager));
                }
            }
            List<EncodeBenchReport.Row> rows = new ArrayList<>();
            for (BatchShape shape : config.shapes()) {
                rows.addAll(measure(shape, candidates));
            }
            return new EncodeBenchReport(config.model(), config.threads(), rows);
        } finally {
            for (Candidate candidate : candidates) {
                candidate.close();
            }
        }
    }

    private List<EncodeBenchReport.Row> measure(BatchShape shape, List<Candidate> candidates)
            throws OrtException, InterruptedException {
        long[] ids =
                new SplittableRandom(1)
                        .longs((long) shape.rows() * shape.tokens(), FIRST_WORD, LAST_WORD)
                        .toArray();
        List<List<Long>> times = new ArrayList<>();
        List<float[]> embeddings = new ArrayList<>();
        for (Candidate candidate : candidates) {
            times.add(new ArrayList<>());
            embeddings.add(means(candidate.hiddenState(ids, shape), shape));
        }
        int burst = ids.length <= 128 ? 8 : ids.length <= 1024 ? 3 : 2;
        long end = System.nanoTime() + (long) (config.secondsPerShape() * 1e9);
        for (int round = 0; round < LEAST_ROUNDS || System.nanoTime() < end; round++) {
            for (int c = 0; c < candidates.size(); c++) {
                Thread.sleep(PAUSE_MILLIS);
                for (int call = 0; call < burst; call++) {
                    long start = System.nanoTime();
                    candidates.get(c).run(ids, shape);
                    long time = System.nanoTime() - start;
                    if (round > 0 && call > 0) {
                        times.get(c).add(time);
                    }
                }
            }
        }
        return rows(shape, candidates, times, embeddings);
    }

    private List<EncodeBenchReport.Row> rows(
            BatchShape shape,
            List<Candidate> candidates,
            List<List<Long>> times,
            List<float[]> embeddings) {
        List<EncodeBenchReport.Row> rows = new ArrayList<>();
        double[] first = millis(times.get(0));
        StringBuilder line = new StringBuilder(shape.toString());
        for (int c = 0; c < candidates.size(); c++) {
            double[] sorted = millis(times.get(c));
            EncodeBenchReport.Row row =
                    new EncodeBenchReport.Row(
                            shape.toString(),
                            candidates.get(c).name(),
                            median(sorted),
                            sorted[0],
                            sorted.length,
                            median(first) / median(sorted),
                            first[0] / sorted[0],
                            leastCosine(embeddings.get(0), embeddings.get(c), shape.rows()));
            rows.add(row);
            line.append(
                    "  %s %.2f ms (x%.2f)"
                            .formatted(row.candidate(), row.medianMillis(), row.speedup()));
        }
        progress.accept(line.toString());
        return rows;
    }

    private static double[] millis(List<Long> nanos) {
        return nanos.stream().mapToDouble(n -> n / 1e6).sorted().toArray();
    }

    private static double median(double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** (B, T, D) to the sums over T, (B, D), whose direction is that of the means. */
    private static float[] means(float[] states, BatchShape shape) {
        int dim = states.length / shape.rows() / shape.tokens();
        float[] means = new float[shape.rows() * dim];
        for (int i = 0; i < states.length; i++) {
            int row = i / (shape.tokens() * dim);
            means[row * dim + i % dim] += states[i];
        }
        return means;
    }

    private static double leastCosine(float[] a, float[] b, int rows) {
        int dim = a.length / rows;
        double least = 1;
        for (int row = 0; row < rows; row++) {
            float[] x = Arrays.copyOfRange(a, row * dim, (row + 1) * dim);
            float[] y = Arrays.copyOfRange(b, row * dim, (row + 1) * dim);
            least = Math.min(least, dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)));
        }
        return least;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** An engine with the weights in it. */
    interface Candidate extends AutoCloseable {

        /** What tables call it. */
        String name();

        /** Computes the last hidden state and drops it. */
        void run(long[] ids, BatchShape shape) throws OrtException;

        /** Computes the last hidden state, (B, T, D). */
        float[] hiddenState(long[] ids, BatchShape shape) throws OrtException;

        @Override
        void close();
    }

    private static final class PackedCandidate implements Candidate {

        private final PackedEncoder encoder;
        private final NDManager manager;

        PackedCandidate(PackedEncoder encoder, NDManager manager) {
            this.encoder = encoder;
            this.manager = manager;
        }

        @Override
        public String name() {
            return encoder.mode().name().toLowerCase(Locale.ROOT);
        }

        @Override
        public void run(long[] ids, BatchShape shape) {
            try (NDArray input = manager.create(ids, new Shape(shape.rows(), shape.tokens()));
                    NDArray result = encoder.hiddenState(input, null, null)) {
                result.getShape();
            }
        }

        @Override
        public float[] hiddenState(long[] ids, BatchShape shape) {
            try (NDArray input = manager.create(ids, new Shape(shape.rows(), shape.tokens()));
                    NDArray result = encoder.hiddenState(input, null, null)) {
                return result.toFloatArray();
            }
        }

        @Override
        public void close() {
            encoder.close();
        }
    }
}
