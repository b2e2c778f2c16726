package org.jzoo.examples.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.chunk.ChunkStackConfig;
import org.jzoo.blocks.chunk.StoreOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.position.RotaryPositionOption;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.training.report.GpuMemory;
import org.jzoo.training.report.ResourceMeter;
import org.jzoo.zoo.j3.J3Config;
import org.jzoo.zoo.j3.J3Model;
import org.jzoo.zoo.j3.J3Parts;
import org.jzoo.zoo.j3.J3Size;
import org.jzoo.zoo.j3.SpanTask;

/**
 * Shows that a J3 reads in linear time and constant memory: time per token by length, memory while
 * one text streams through, a training step of a long text, and forward passes and training steps
 * against fused full attention of the same width and depth.
 *
 * <p>One text at a time, all parts of J3, at most 256 blocks kept in 8 bits. Weights are fresh: the
 * work does not depend on them.
 */
public final class J3Bench {

    private static final int VOCABULARY = 8192;
    private static final int BOUND = 256;
    private static final int MEGA = 1_000_000;
    private static final int WARM_UP = 32; // chunks; the store is full then

    /**
     * What is measured.
     *
     * @param size the model's
     * @param lengths tokens of the texts that are read
     * @param streams tokens of a streamed text after which memory is looked at, in rising order
     * @param against tokens at which full attention is measured too
     * @param trained tokens of a text that is trained on in groups of chunks; 0 for none
     * @param rounds measured passes of each kind, at least 1
     * @param precision of matrix products
     * @param device where
     */
    public record Config(
            J3Size size,
            List<Integer> lengths,
            List<Integer> streams,
            List<Integer> against,
            int trained,
            int rounds,
            Precision precision,
            Device device) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Config {
            lengths = List.copyOf(lengths);
            streams = streams.stream().sorted().toList();
            against = List.copyOf(against);
            if (trained < 0 || rounds < 1) {
                throw new IllegalArgumentException(
                        "trained must be >= 0 and rounds >= 1, got trained=%d, rounds=%d"
                                .formatted(trained, rounds));
            }
        }
    }

    /**
     * One measurement.
     *
     * @param what was measured
     * @param tokens of the text
     * @param millis median time; NaN where memory alone was looked at
     * @param megabytes memory: of the process or, on a GPU, taken from it; NaN where not looked at
     */
    public record Row(String what, int tokens, double millis, double megabytes) {

        /** Microseconds a token. */
        public double microsPerToken() {
            return 1e3 * millis / tokens;
        }
    }

    private final Config config;
    private final Consumer<String> progress;
    private final List<Row> rows = new ArrayList<>();

    /**
     * Prepares a run.
     *
     * @param progress told a line per measurement
     */
    public J3Bench(Config config, Consumer<String> progress) {
        this.config = config;
        this.progress = progress;
    }

    /** Measures. */
    public List<Row> run() {
        try (NDManager manager = PyTorch.engine().newBaseManager(config.device())) {
            J3Model model = model(j3(), manager);
            read(model, manager, WARM_UP * config.size().chunkLength());
            for (int length : config.lengths()) {
                add("read", length, time(() -> read(model, manager, length)), Double.NaN);
            }
            stream(model, manager);
            if (config.trained() > 0) {
                ResourceMeter meter = new ResourceMeter();
                meter.resetPeak();
                double millis = once(() -> train(model, manager, config.trained()));
                double used = config.device().isGpu() ? used() : meter.peakResidentBytes();
                add("training step, memory", config.trained(), millis, used / MEGA);
            }
            if (!config.against().isEmpty()) {
                against(model, manager);
            }
        }
        return rows;
    }

    private void against(J3Model model, NDManager manager) {
        J3Model full = model(full(), manager);
        for (J3Model each : List.of(model, full)) { // a first pass loads kernels
            read(each, manager, config.size().chunkLength());
            train(each, manager, config.size().chunkLength());
        }
        for (int length : config.against()) {
            add("read", length, time(() -> read(model, manager, length)), Double.NaN);
            add(
                    "read, full attention",
                    length,
                    time(() -> read(full, manager, length)),
                    Double.NaN);
            add("training step", length, time(() -> train(model, manager, length)), Double.NaN);
            add(
                    "training step, full attention",
                    length,
                    time(() -> train(full, manager, length)),
                    Double.NaN);
        }
    }

    private void add(String what, int tokens, double millis, double megabytes) {
        Row row = new Row(what, tokens, millis, megabytes);
        rows.add(row);
        progress.accept(
                "%s, %,d tokens: %.1f ms, %.2f us a token, %.0f MB"
                        .formatted(what, tokens, millis, row.microsPerToken(), megabytes));
    }

    private double time(Runnable work) {
        double[] seconds = ResourceMeter.time(0, config.rounds(), work);
        return 1e3 * ResourceMeter.median(seconds);
    }

    private static double once(Runnable work) {
        return 1e3 * ResourceMeter.time(0, 1, work)[0];
    }

    private J3Config j3() {
        StoreOption store =
                new StoreOption(BOUND, StoreOption.Keep.RELEVANT, StoreOption.Numbers.INT8);
        return J3Parts.of(config.size()).optStore(store).build().encoder(VOCABULARY, -1);
    }

    // One chunk of whatever length, all of it seen by all.
    private J3Config full() {
        J3Size size = config.size();
        int turned = size.dim() / size.numHeads() / 4 * 2;
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(size.numHeads(), size.dim())
                                .optBias(false, false)
                                .optPosition(new RotaryPositionOption(10_000, turned, false))
                                .build(),
                        new GatedFeedForwardOption(size.feedForward(), Activation.SILU, false, 0),
                        new RmsNormOption(1e-6),
                        NormPlacement.PRE,
                        0);
        TransformerConfig stack =
                new TransformerConfig(
                        size.dim(),
                        Collections.nCopies(size.numLayers(), layer),
                        new RmsNormOption(1e-6),
                        null);
        return new J3Config(
                VOCABULARY,
                -1,
                0,
                1 << 24,
                1,
                new ChunkStackConfig(stack, null, false, ChunkStackConfig.Form.ENCODER));
    }

    private static J3Model model(J3Config numbers, NDManager manager) {
        PyTorch.seed(1);
        J3Model model = new J3Model(numbers, new SpanTask(0));
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        ParameterPaths.of(model)
                .values()
                .forEach(parameter -> parameter.getArray().setRequiresGradient(true));
        return model;
    }

    private static long[] tokens(int length) {
        return new SplittableRandom(length).longs(length, 0, VOCABULARY).toArray();
    }

    private ForwardContext context() {
        return new ForwardContext().withPrecision(config.precision());
    }

    private void read(J3Model model, NDManager manager, int length) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray ids = scope.create(tokens(length), new Shape(1, length));
            NDArray last =
                    model.readToEnd(new ParameterStore(scope, false), new NDList(ids), context());
            last.get("0, 0, 0").getFloat(); // a GPU works on until a number is read
        }
    }

    // Lowers the logit of each chunk's first token to start an answer.
    private void train(J3Model model, NDManager manager, int length) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray ids = scope.create(tokens(length), new Shape(1, length));
            model.train(
                    new ParameterStore(scope, false),
                    new NDList(ids),
                    context(),
                    (index, hidden, head) -> {
                        NDArray logits = head.apply(hidden);
                        return LossKernel.meanSquaredError(logits, logits.zerosLike());
                    });
        }
    }

    private void stream(J3Model model, NDManager manager) {
        if (config.streams().isEmpty()) {
            return;
        }
        int last = config.streams().get(config.streams().size() - 1);
        ResourceMeter meter = new ResourceMeter();
        meter.resetPeak();
        try (J3Stream stream = new J3Stream(model, manager, config.precision(), VOCABULARY)) {
            long started = System.nanoTime();
            while (stream.tokens() < last) {
                stream.next();
                int tokens = Math.toIntExact(stream.tokens());
                if (config.streams().contains(tokens)) {
                    double millis = (System.nanoTime() - started) / 1e6;
                    double used = config.device().isGpu() ? used() : meter.peakResidentBytes();
                    add("stream, peak memory", tokens, millis, used / MEGA);
                }
            }
        }
    }

    private long used() {
        return new GpuMemory().held(config.device()).map(GpuMemory.Held::bytes).orElse(0L);
    }
}
