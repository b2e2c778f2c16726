package org.jzoo.examples.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.packed.PackedEncoder;
import org.jzoo.blocks.packed.PackedMode;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.quantization.PackedEmbedding;
import org.jzoo.blocks.quantization.PackedLinear;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.blocks.quantization.UniformCode;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.training.report.GpuMemory;
import org.jzoo.training.report.ResourceMeter;
import org.jzoo.zoo.encoder.EncoderPacking;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.encoder.TextEncoder;

/**
 * Text encoders of 300 million and 1.2 billion random weights in 4 bits: what they take of memory
 * and of time for one text of 128 tokens, with their codes widened in each layer as it runs and, on
 * CPU, widened once into a packed encoder.
 */
public final class ScaleBench {

    private static final int VOCABULARY = 30_522;
    private static final int TOKENS = 128;
    private static final int HEAD_SIZE = 64;
    private static final int GROUP = 64;
    private static final float SCALE = 0.003f;

    private final Config config;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param config what to measure
     * @param progress told one line per measurement
     */
    public ScaleBench(Config config, Consumer<String> progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * What is measured.
     *
     * @param sizes of encoders
     * @param rounds measured calls of each, at least 1
     * @param device where
     */
    public record Config(List<Size> sizes, int rounds, Device device) {

        /** Validates. */
        public Config {
            sizes = List.copyOf(sizes);
            Objects.requireNonNull(device, "device");
            if (sizes.isEmpty() || rounds < 1) {
                throw new IllegalArgumentException(
                        "sizes must not be empty and rounds >= 1, got sizes=%s, rounds=%d"
                                .formatted(sizes, rounds));
            }
        }
    }

    /**
     * An encoder's numbers; its feed-forward is four times as wide as its states.
     *
     * @param name for tables
     * @param dim width (D), a multiple of 64
     * @param layers how many (L)
     */
    public record Size(String name, int dim, int layers) {

        /** The student's size in the sources, and its teacher's. */
        public static final List<Size> USUAL =
                List.of(new Size("300 M", 1024, 24), new Size("1.2 B", 2048, 24));
    }

    /**
     * One measurement.
     *
     * @param size of the encoder
     * @param form how its weights are kept while it runs
     * @param weights how many numbers
     * @param weightBytes of codes, scales and what is not packed
     * @param residentBytes of the process when it has run, on CPU; 0 elsewhere
     * @param gpuBytes that the process holds of the card when it has run, the driver's own few
     *     hundred megabytes included; 0 on CPU and where it is not known
     * @param loadSeconds until it can run
     * @param median seconds of a call
     */
    public record Row(
            String size,
            String form,
            long weights,
            long weightBytes,
            long residentBytes,
            long gpuBytes,
            double loadSeconds,
            double median) {}

    /** Measures each size. */
    public List<Row> run() {
        List<Row> rows = new ArrayList<>();
        for (Size size : config.sizes()) {
            rows.addAll(measure(size));
        }
        return rows;
    }

    private List<Row> measure(Size size) {
        List<Row> rows = new ArrayList<>();
        try (NDManager manager = PyTorch.engine().newBaseManager(config.device());
                GradientMode off = GradientMode.off()) {
            long start = System.nanoTime();
            TextEncoder encoder = encoder(size, manager);
            double load = (System.nanoTime() - start) / 1e9;
            NDArray ids = manager.full(new Shape(1, TOKENS), 7, DataType.INT64);
            Precision precision = Precision.suiting(config.device());
            String form = "4 bits, widened in each call";
            rows.add(row(size, form, encoder, load, () -> states(encoder, ids, precision)));
            if (!config.device().isGpu()) {
                start = System.nanoTime();
                try (PackedEncoder packed = EncoderPacking.pack(encoder, PackedMode.AUTO)) {
                    load += (System.nanoTime() - start) / 1e9;
                    form = "widened once to " + packed.mode().name().toLowerCase(Locale.ROOT);
                    rows.add(
                            row(
                                    size,
                                    form,
                                    encoder,
                                    load,
                                    () -> packed.hiddenState(ids, null, null).close()));
                }
            }
        }
        return rows;
    }

    private Row row(Size size, String form, TextEncoder encoder, double load, Runnable call) {
        double median = ResourceMeter.median(ResourceMeter.time(1, config.rounds(), call));
        long bytes =
                ParameterPaths.of(encoder).values().stream()
                        .map(Parameter::getArray)
                        .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes())
                        .sum();
        Row row =
                new Row(
                        size.name(),
                        form,
                        PackedMaps.numWeights(encoder),
                        bytes,
                        config.device().isGpu() ? 0 : ResourceMeter.residentBytes(),
                        gpuBytes(),
                        load,
                        median);
        progress.accept(
                "%s, %s: %,d weights in %.0f MB, resident %.0f MB, on the card %.0f MB, %.1f s to load, %.0f ms a text"
                        .formatted(
                                row.size(),
                                form,
                                row.weights(),
                                bytes / 1e6,
                                row.residentBytes() / 1e6,
                                row.gpuBytes() / 1e6,
                                load,
                                1e3 * median));
        return row;
    }

    // PyTorch keeps what it once took from a GPU.
    private long gpuBytes() {
        return new GpuMemory().held(config.device()).map(GpuMemory.Held::bytes).orElse(0L);
    }

    private void states(TextEncoder encoder, NDArray ids, Precision precision) {
        try (NDManager scope = ids.getManager().newSubManager()) {
            NDArray input = ids.duplicate();
            input.attach(scope);
            ForwardContext context = new ForwardContext().withPrecision(precision);
            encoder.forward(
                            new ParameterStore(scope, false),
                            new NDList(input),
                            false,
                            context.asParams())
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    // Float weights never exist: maps are packed while they are empty, and get random codes.
    private static TextEncoder encoder(Size size, NDManager manager) {
        TextEncoder encoder =
                new TextEncoder(
                        new PostNormEncoder(
                                        VOCABULARY,
                                        size.dim(),
                                        size.layers(),
                                        size.dim() / HEAD_SIZE,
                                        4 * size.dim(),
                                        Activation.GELU,
                                        0,
                                        0,
                                        1e-12)
                                .config(new LearnedPositionOption(TOKENS), TOKENS, 0, 0, false));
        UniformCode code = new UniformCode(WeightGrid.perGroup(4, GROUP), false);
        encoder.replaceParts(
                (path, block) ->
                        block instanceof Linear map
                                ? new PackedLinear(map.in(), map.out(), true, code)
                                : block instanceof TokenEmbedding
                                        ? new PackedEmbedding(
                                                VOCABULARY, size.dim(), WeightGrid.perChannel(8))
                                        : block);
        encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        Random random = new Random(17);
        ParameterPaths.of(encoder)
                .forEach(
                        (path, parameter) -> {
                            NDArray array = parameter.getArray();
                            if (path.endsWith(".codes")) {
                                byte[] codes = new byte[(int) array.size()];
                                random.nextBytes(codes);
                                array.set(ByteBuffer.wrap(codes));
                            } else if (path.endsWith(".scale")) {
                                array.set(scales((int) array.size()));
                            }
                        });
        return encoder;
    }

    private static float[] scales(int count) {
        float[] scales = new float[count];
        Arrays.fill(scales, SCALE);
        return scales;
    }
}
