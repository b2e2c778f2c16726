package org.jzoo.examples.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.training.report.GpuMemory;
import org.jzoo.training.report.ResourceMeter;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.j1.J1Size;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;

/**
 * What a question costs J1 beside models of one modality, in one process: from token ids and pixels
 * on the device to the answers' logits in Java, random weights, float32.
 *
 * <p>Of equal depth is a model with as many layers, of the same width and heads, as lie one after
 * the other in J1: those of its deeper encoder and those of its fusion. Such a model reads the text
 * alone, or the image alone; the image model has J1's stem and keeps all of the stem's tokens
 * through all layers. J1 joins squares of tokens before the fusion where its size says so, which
 * makes it cheaper than the image model; therefore J1 is also compared with itself given the image
 * alone, where nothing but the text differs.
 *
 * <p>Candidates take turns, each in a burst whose first call does not count, in an order that moves
 * on by one a round; the first round does not count. A question has twelve tokens; in a batch of
 * more than one, from half of them on, with a mask, and all pictures differ.
 */
public final class VqaBench {

    /** Rows of the batches. */
    static final List<Integer> BATCHES = List.of(1, 32);

    private static final int TOKENS = 12;
    private static final int VOCABULARY = 10_000;
    private static final int ANSWERS = 100;
    private static final int LEAST_ROUNDS = 4;
    private static final double SHORT_SECONDS = 0.05;
    private static final double LONG_SECONDS = 0.5;

    /**
     * What is measured.
     *
     * @param sizes names of {@link J1Size}s
     * @param seconds for each batch, positive; four rounds at least are made
     * @param device where
     */
    public record Config(List<String> sizes, double seconds, Device device) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if {@code seconds} is not positive or a size is unknown
         */
        public Config {
            sizes = List.copyOf(sizes);
            sizes.forEach(J1Size::named);
            if (!(seconds > 0)) {
                throw new IllegalArgumentException("seconds must be > 0, got seconds=" + seconds);
            }
        }
    }

    /**
     * Medians of one size and batch.
     *
     * @param size its name
     * @param weights of J1
     * @param batch rows
     * @param both milliseconds of J1
     * @param text of the text model of equal depth
     * @param image of the image model of equal depth
     * @param imageInBoth of J1 without a text
     * @param megabytes that J1 took from the GPU, weights included; NaN on CPU
     */
    public record Row(
            String size,
            long weights,
            int batch,
            double both,
            double text,
            double image,
            double imageInBoth,
            double megabytes) {

        /** How much longer J1 takes than the slower model of equal depth, as a share. */
        public double overSlower() {
            return both / Math.max(text, image) - 1;
        }

        /** How much longer J1 takes than without a text, as a share. */
        public double overImageInBoth() {
            return both / imageInBoth - 1;
        }
    }

    private final Config config;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param progress told a line per measurement
     */
    public VqaBench(Config config, Consumer<String> progress) {
        this.config = config;
        this.progress = progress;
    }

    /** The model of one modality of equal depth. */
    static J1Config single(J1Size size, boolean text) {
        int depth = Math.max(size.textLayers(), size.imageLayers()) + size.fusionLayers();
        J1Config deep = size.withLayers(depth, depth, 1).config(VOCABULARY, TOKENS, 0);
        return text ? deep.textOnly() : deep.imageOnly();
    }

    /** Measures every size with every batch. */
    public List<Row> run() {
        List<Row> rows = new ArrayList<>();
        for (String name : config.sizes()) {
            J1Size size = J1Size.named(name);
            long before = taken();
            try (LoadedModel both = model(size.config(VOCABULARY, TOKENS, 0));
                    GradientMode off = GradientMode.off()) {
                List<Double> megabytes = new ArrayList<>();
                for (int batch : BATCHES) {
                    try (NDManager scope = both.manager().newSubManager()) {
                        new Candidate(both, inputs(size, batch, true, true, scope)).seconds();
                        megabytes.add((taken() - before) / 1e6);
                    }
                }
                try (LoadedModel text = model(single(size, true));
                        LoadedModel image = model(single(size, false))) {
                    for (int i = 0; i < BATCHES.size(); i++) {
                        Row row =
                                measure(name, BATCHES.get(i), megabytes.get(i), both, text, image);
                        rows.add(row);
                        progress.accept(row.toString());
                    }
                }
            }
        }
        return rows;
    }

    // PyTorch keeps what it once took from a GPU.
    private long taken() {
        return new GpuMemory().held(config.device()).map(GpuMemory.Held::bytes).orElse(0L);
    }

    private LoadedModel model(J1Config numbers) {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < ANSWERS; i++) {
            answers.add("answer " + i);
        }
        return LoadedModel.fresh(
                "bench",
                ModelConfig.of("j1", numbers, new AnswerTask(answers, 0)),
                null,
                1,
                config.device());
    }

    private static NDList inputs(
            J1Size size, int batch, boolean text, boolean image, NDManager manager) {
        Random random = new Random(7);
        NDList inputs = new NDList();
        if (text) {
            long[] ids = random.longs((long) batch * TOKENS, 1, VOCABULARY).toArray();
            Shape shape = new Shape(batch, TOKENS);
            inputs.add(manager.create(ids, shape));
            if (batch > 1) {
                boolean[] mask = new boolean[ids.length];
                for (int i = 0; i < mask.length; i++) {
                    int length = TOKENS - (i / TOKENS) % (TOKENS / 2 + 1);
                    mask[i] = i % TOKENS < length;
                }
                inputs.add(manager.create(mask, shape));
            }
        }
        if (image) {
            Shape shape = new Shape(batch, 3, size.imageSize(), size.imageSize());
            inputs.add(manager.randomUniform(-1, 1, shape));
        }
        return inputs;
    }

    private Row measure(
            String name,
            int batch,
            double megabytes,
            LoadedModel both,
            LoadedModel text,
            LoadedModel image) {
        J1Size size = J1Size.named(name);
        try (NDManager scope = both.manager().newSubManager()) {
            NDList texts = inputs(size, batch, true, false, scope);
            NDList images = inputs(size, batch, false, true, scope);
            NDList all = new NDList(texts);
            all.addAll(images);
            List<Candidate> candidates =
                    List.of(
                            new Candidate(both, all),
                            new Candidate(text, texts),
                            new Candidate(image, images),
                            new Candidate(both, images));
            List<List<Double>> times = new ArrayList<>();
            candidates.forEach(c -> times.add(new ArrayList<>()));
            candidates.forEach(Candidate::seconds);
            double once = candidates.get(0).seconds();
            int burst = once < SHORT_SECONDS ? 6 : once < LONG_SECONDS ? 3 : 1;
            long end = System.nanoTime() + (long) (config.seconds() * 1e9);
            for (int round = 0; round < LEAST_ROUNDS || System.nanoTime() < end; round++) {
                for (int turn = 0; turn < candidates.size(); turn++) {
                    int c = (turn + round) % candidates.size();
                    for (int call = 0; call < burst; call++) {
                        double seconds = candidates.get(c).seconds();
                        if (round > 0 && (call > 0 || burst == 1)) {
                            times.get(c).add(1e3 * seconds);
                        }
                    }
                }
            }
            double[] medians = times.stream().mapToDouble(VqaBench::median).toArray();
            return new Row(
                    name,
                    both.numParameters(),
                    batch,
                    medians[0],
                    medians[1],
                    medians[2],
                    medians[3],
                    config.device().isGpu() ? megabytes : Double.NaN);
        }
    }

    private static double median(List<Double> values) {
        return ResourceMeter.median(values.stream().mapToDouble(v -> v).toArray());
    }

    /** A model and what it is asked. */
    private record Candidate(LoadedModel model, NDList inputs) {

        /** Runs once. Reading the logits waits for a GPU. */
        double seconds() {
            try (NDManager scope = inputs.head().getManager().newSubManager()) {
                NDList own = new NDList(inputs);
                own.forEach(array -> array.attach(scope));
                try {
                    long start = System.nanoTime();
                    NDArray logits =
                            model.block()
                                    .forward(new ParameterStore(scope, false), own, false)
                                    .head();
                    if (logits.toFloatArray().length % ANSWERS != 0) {
                        throw new IllegalStateException("no logits of " + ANSWERS + " answers");
                    }
                    return (System.nanoTime() - start) / 1e9;
                } finally {
                    NDManager home = scope.getParentManager();
                    own.forEach(array -> array.attach(home));
                }
            }
        }
    }
}
