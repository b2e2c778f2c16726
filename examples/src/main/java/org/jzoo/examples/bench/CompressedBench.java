package org.jzoo.examples.bench;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.packed.PackedEncoder;
import org.jzoo.blocks.packed.PackedMode;
import org.jzoo.blocks.quantization.QuantizedLinear;
import org.jzoo.blocks.quantization.ScaleRule;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.examples.bench.EncodeBenchConfig.BatchShape;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.EncoderPacking;
import org.jzoo.zoo.encoder.TextEncoder;
import org.jzoo.zoo.encoder.TextModel;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.Pretrained;
import org.jzoo.zoo.registry.Zoo;

/**
 * Times a compressed text model against the one it was made from: the teacher in float32, here and
 * in ONNX Runtime, there also in 8 bits, and the student in float32 and in its fastest form, all in
 * one process as {@link EncodeTurns} does.
 */
public final class CompressedBench {

    private static final int STUDENT_LAYERS = 4;
    private static final int GROUP = 64;

    private final Config config;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param config what to measure
     * @param progress told one line per batch
     */
    public CompressedBench(Config config, Consumer<String> progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * What is measured.
     *
     * @param teacher the zoo's name of a text model, or a model folder
     * @param student likewise; null for random weights in the teacher's shape with four layers,
     *     half the feed-forward and 4 bits a weight
     * @param shapes batches
     * @param threads of each engine, at least 1
     * @param secondsPerShape how long each batch is measured, over all candidates, positive
     */
    public record Config(
            String teacher,
            String student,
            List<BatchShape> shapes,
            int threads,
            double secondsPerShape) {

        /** One text and a batch of 32, short and long. */
        public static final List<BatchShape> USUAL_SHAPES =
                List.of(
                        new BatchShape(1, 32),
                        new BatchShape(1, 128),
                        new BatchShape(32, 32),
                        new BatchShape(32, 128));

        /** Validates. */
        public Config {
            Objects.requireNonNull(teacher, "teacher");
            shapes = List.copyOf(shapes);
            if (shapes.isEmpty() || threads < 1 || !(secondsPerShape > 0)) {
                throw new IllegalArgumentException(
                        "shapes must not be empty, threads must be >= 1 and secondsPerShape > 0,"
                                + " got"
                                + " shapes=%s, threads=%d, secondsPerShape=%s"
                                        .formatted(shapes, threads, secondsPerShape));
            }
        }
    }

    /**
     * One candidate on one batch.
     *
     * @param shape batch x tokens
     * @param candidate what computed
     * @param mode the numbers that this library's fastest form chose; empty for others
     * @param medianMillis median time of a call
     * @param speedup the median of the teacher in float32 over this one's
     * @param leastSpeedup the same of the least times
     * @param cosine least cosine of mean states to the teacher's or the student's in float32 here;
     *     ONNX Runtime has the published weights, which a tuned teacher's differ from
     */
    public record Row(
            String shape,
            String candidate,
            String mode,
            double medianMillis,
            double speedup,
            double leastSpeedup,
            double cosine) {}

    /**
     * Measures. Sets the process-wide number of PyTorch's threads.
     *
     * @throws IllegalArgumentException if a model is no text encoder that can be packed
     */
    public List<Row> run()
            throws IOException, MalformedModelException, OrtException, InterruptedException {
        PyTorch.setThreads(config.threads());
        List<EncodeTurns.Candidate> candidates = new ArrayList<>();
        try (NDManager manager = PyTorch.newBaseManager();
                LoadedModel teacher = Zoo.load(config.teacher(), Device.cpu());
                LoadedModel loaded =
                        config.student() == null
                                ? null
                                : Zoo.load(config.student(), Device.cpu())) {
            TextEncoder whole = encoder(teacher);
            TextEncoder small = loaded == null ? student(whole.config(), manager) : encoder(loaded);
            PackedEncoder fastest = EncoderPacking.pack(small, PackedMode.FASTEST);
            candidates.add(packed("teacher float32", whole, PackedMode.FLOAT32, manager));
            candidates.add(packed("teacher fastest", whole, PackedMode.FASTEST, manager));
            Pretrained peer = peer(whole.config());
            if (peer != null) {
                candidates.add(OnnxRuntimeCandidate.float32(peer.resource(), config.threads()));
                candidates.add(OnnxRuntimeCandidate.int8(peer.resource(), config.threads()));
            }
            candidates.add(packed("student float32", small, PackedMode.FLOAT32, manager));
            candidates.add(new PackedCandidate("student fastest", fastest, manager));
            List<Row> rows = new ArrayList<>();
            for (BatchShape shape : config.shapes()) {
                rows.addAll(measure(shape, candidates, fastest));
            }
            return rows;
        } finally {
            candidates.forEach(EncodeTurns.Candidate::close);
        }
    }

    private static PackedCandidate packed(
            String name, TextEncoder encoder, PackedMode mode, NDManager manager) {
        return new PackedCandidate(name, EncoderPacking.pack(encoder, mode), manager);
    }

    private static TextEncoder encoder(LoadedModel model) {
        if (model.block() instanceof TextModel text && EncoderPacking.supports(text.config())) {
            return text.encoder();
        }
        throw new IllegalArgumentException(
                "teacher and student must be text encoders of BERT's kind, got " + model.name());
    }

    // The published model of the teacher's shape, whose time in ONNX Runtime is the teacher's.
    private static Pretrained peer(EncoderConfig teacher)
            throws IOException, MalformedModelException {
        for (Pretrained pretrained : Pretrained.ALL) {
            if (pretrained.isAvailable()) {
                try (LoadedModel model = pretrained.load(pretrained.task(), Device.cpu())) {
                    if (shape(((TextModel) model.block()).config()).equals(shape(teacher))) {
                        return pretrained;
                    }
                }
            }
        }
        return null;
    }

    private static List<Integer> shape(EncoderConfig config) {
        LayerConfig layer = config.stack().layers().get(0);
        return List.of(
                config.dim(),
                config.stack().numLayers(),
                ((SelfAttentionOption) layer.mixer()).numHeads(),
                ((DenseFeedForwardOption) layer.feedForward()).width());
    }

    private static TextEncoder student(EncoderConfig teacher, NDManager manager) {
        LayerConfig whole = teacher.stack().layers().get(0);
        int width = ((DenseFeedForwardOption) whole.feedForward()).width() / 2;
        LayerConfig half =
                new LayerConfig(
                        whole.mixer(),
                        new DenseFeedForwardOption(width, Activation.GELU, true, 0),
                        whole.norm(),
                        whole.placement(),
                        whole.dropout());
        TextEncoder encoder =
                new TextEncoder(
                        teacher.withStack(
                                TransformerConfig.uniform(
                                        teacher.dim(), STUDENT_LAYERS, half, null)));
        encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        encoder.replaceParts(
                (path, block) ->
                        block instanceof Linear map
                                ? new QuantizedLinear(
                                                map, WeightGrid.perGroup(4, GROUP), ScaleRule.RANGE)
                                        .pack()
                                : block);
        return encoder;
    }

    private List<Row> measure(
            BatchShape shape, List<EncodeTurns.Candidate> candidates, PackedEncoder fastest)
            throws OrtException, InterruptedException {
        List<EncodeTurns.Timing> timings =
                EncodeTurns.measure(candidates, shape, config.secondsPerShape());
        EncodeTurns.Timing first = timings.get(0);
        EncodeTurns.Timing student = timings.get(timings.size() - 2);
        String mode =
                fastest.mode((long) shape.rows() * shape.tokens()).name().toLowerCase(Locale.ROOT);
        List<Row> rows = new ArrayList<>();
        StringBuilder line = new StringBuilder(shape.toString());
        for (EncodeTurns.Timing timing : timings) {
            boolean ofStudent = timing.candidate().startsWith("student");
            Row row =
                    new Row(
                            shape.toString(),
                            timing.candidate(),
                            timing.candidate().equals("student fastest") ? mode : "",
                            timing.median(),
                            first.median() / timing.median(),
                            first.least() / timing.least(),
                            timing.leastCosine(ofStudent ? student : first));
            rows.add(row);
            line.append(
                    "  %s%s %.2f ms (x%.2f)"
                            .formatted(
                                    row.candidate(),
                                    row.mode().isEmpty() ? "" : " (" + mode + ")",
                                    row.medianMillis(),
                                    row.speedup()));
        }
        progress.accept(line.toString());
        return rows;
    }
}
