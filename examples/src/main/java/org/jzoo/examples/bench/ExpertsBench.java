package org.jzoo.examples.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.experts.ExpertsOption;
import org.jzoo.blocks.feedforward.experts.TopKRouterOption;
import org.jzoo.blocks.kernel.ExpertKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.kernel.RouterKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.training.report.ResourceMeter;

/**
 * Times a mixture of experts, forward and backward, against a dense feed-forward of equal active
 * size and against two {@link TextbookExperts textbook loops} with the same weights.
 *
 * <p>All take turns in one run on the same tokens, with gradients for the input and all weights. A
 * turn ends when a number that depends on it has been read. Routing counts for all but the dense
 * one.
 */
public final class ExpertsBench {

    /** The dense feed-forward's name. */
    public static final String DENSE = "dense, equal active size";

    /** The mixture's name. */
    public static final String EXPERTS = "jzoo experts";

    /** The name of the loop whose experts compute all tokens. */
    public static final String EVERY_TOKEN = "loop, masks on results";

    /** The name of the loop whose experts compute the tokens that chose them. */
    public static final String CHOSEN_TOKENS = "loop, masks select tokens";

    /**
     * What is measured.
     *
     * @param tokens N, at least 1
     * @param dim width of a token (D), at least 1
     * @param width features inside an expert (F), at least 1; k·F inside the dense feed-forward
     * @param numExperts E, at least k
     * @param topK experts of a token (k), at least 2
     * @param rounds measured turns of each, at least 1
     * @param warmups turns before them, not negative
     * @param device where
     */
    public record Config(
            int tokens,
            int dim,
            int width,
            int numExperts,
            int topK,
            int rounds,
            int warmups,
            Device device) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a component is out of its range
         */
        public Config {
            if (tokens < 1 || dim < 1 || width < 1 || rounds < 1 || warmups < 0) {
                throw new IllegalArgumentException(
                        ("tokens, dim, width and rounds must be >= 1 and warmups >= 0, got"
                                        + " tokens=%d, dim=%d, width=%d, rounds=%d, warmups=%d")
                                .formatted(tokens, dim, width, rounds, warmups));
            }
            if (topK < 2 || topK > numExperts) {
                throw new IllegalArgumentException(
                        "topK must be in [2, numExperts], got topK=%d, numExperts=%d"
                                .formatted(topK, numExperts));
            }
        }
    }

    /**
     * One candidate's times.
     *
     * @param precision of the matrix products
     * @param name {@link #DENSE} and so on
     * @param forward milliseconds of each measured turn, in order
     * @param backward likewise
     */
    public record Row(
            Precision precision, String name, List<Double> forward, List<Double> backward) {

        /** The median of the forward passes in milliseconds. */
        public double medianForward() {
            return ResourceMeter.median(forward.stream().mapToDouble(m -> m).toArray());
        }

        /** The median of the backward passes in milliseconds. */
        public double medianBackward() {
            return ResourceMeter.median(backward.stream().mapToDouble(m -> m).toArray());
        }

        /**
         * The median over turns of this candidate's time, forward and backward, as a multiple of
         * the other's in the same turn: what slows the machine down slows both.
         */
        public double timesOf(Row other) {
            double[] ratios = new double[forward.size()];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] =
                        (forward.get(i) + backward.get(i))
                                / (other.forward.get(i) + other.backward.get(i));
            }
            return ResourceMeter.median(ratios);
        }
    }

    private final Config config;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param progress told a line a round
     */
    public ExpertsBench(Config config, Consumer<String> progress) {
        this.config = config;
        this.progress = progress;
    }

    /** Measures in float32, then in bfloat16. */
    public List<Row> run() {
        List<Row> rows = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            try (NDManager manager = PyTorch.engine().newBaseManager(config.device())) {
                rows.addAll(new Series(manager, precision).run());
            }
        }
        return rows;
    }

    /** The candidates in one precision. */
    private final class Series {

        private final Precision precision;
        private final NDManager manager;
        private final Block dense;
        private final Block experts;
        private final Map<String, Parameter> weights;
        private final Map<String, Function<NDArray, NDArray>> candidates = new LinkedHashMap<>();

        Series(NDManager manager, Precision precision) {
            this.manager = manager;
            this.precision = precision;
            PyTorch.seed(17);
            int width = config.width();
            dense =
                    started(
                            new DenseFeedForwardOption(
                                            config.topK() * width, Activation.GELU, false, 0)
                                    .create(config.dim()));
            experts =
                    started(
                            ExpertsOption.builder()
                                    .setNumExperts(config.numExperts())
                                    .setExpert(
                                            new DenseFeedForwardOption(
                                                    width, Activation.GELU, false, 0))
                                    .setRouter(TopKRouterOption.mixtral(config.topK()))
                                    .build()
                                    .create(config.dim()));
            weights = ParameterPaths.of(experts);
            candidates.put(DENSE, x -> forward(dense, x));
            candidates.put(EXPERTS, x -> forward(experts, x));
            candidates.put(CHOSEN_TOKENS, x -> loop(x, false));
            candidates.put(EVERY_TOKEN, x -> loop(x, true));
        }

        private Block started(Block block) {
            block.initialize(
                    manager, DataType.FLOAT32, new Shape(1, config.tokens(), config.dim()));
            ParameterPaths.of(block).values().forEach(p -> p.getArray().setRequiresGradient(true));
            return block;
        }

        private NDArray forward(Block block, NDArray x) {
            return block.forward(
                            new ParameterStore(manager, false),
                            new NDList(x),
                            true,
                            new ForwardContext().withPrecision(precision).asParams())
                    .singletonOrThrow();
        }

        private NDArray loop(NDArray x, boolean everyToken) {
            NDArray[] routing =
                    RouterKernel.topK(
                            x,
                            null,
                            new RouterKernel.Scoring(array("router.weight"), null, null, 0),
                            new RouterKernel.Choice(config.topK(), true, false, 1, 0));
            TextbookExperts textbook =
                    new TextbookExperts(
                            new ExpertKernel.Maps(
                                    array("up.weight"),
                                    null,
                                    null,
                                    null,
                                    array("down.weight"),
                                    null),
                            precision);
            return everyToken
                    ? textbook.everyToken(x, routing[0], routing[1])
                    : textbook.chosenTokens(x, routing[0], routing[1]);
        }

        private NDArray array(String path) {
            return weights.get(path).getArray();
        }

        List<Row> run() {
            Map<String, Row> rows = new LinkedHashMap<>();
            candidates
                    .keySet()
                    .forEach(
                            name ->
                                    rows.put(
                                            name,
                                            new Row(
                                                    precision,
                                                    name,
                                                    new ArrayList<>(),
                                                    new ArrayList<>())));
            for (int round = -config.warmups(); round < config.rounds(); round++) {
                StringBuilder line = new StringBuilder(precision + " round " + round);
                for (Row row : rows.values()) {
                    double[] millis = turn(candidates.get(row.name()));
                    line.append("  %s %.1f + %.1f ms".formatted(row.name(), millis[0], millis[1]));
                    if (round >= 0) {
                        row.forward().add(millis[0]);
                        row.backward().add(millis[1]);
                    }
                }
                progress.accept(line.toString());
            }
            return List.copyOf(rows.values());
        }

        private double[] turn(Function<NDArray, NDArray> candidate) {
            try (NDManager scope = manager.newSubManager();
                    GradientMode on = GradientMode.on()) {
                Shape shape = new Shape(1, config.tokens(), config.dim());
                NDArray x = scope.randomNormal(shape);
                NDArray cotangent = scope.randomNormal(shape);
                x.setRequiresGradient(true);
                read(x);
                long start = System.nanoTime();
                NDArray y = candidate.apply(x);
                read(y);
                long middle = System.nanoTime();
                // The dense one's result is bfloat16 where its products are.
                GradientMode.backward(LinearKernel.cast(y, Precision.FLOAT32), cotangent);
                read(x.getGradient());
                long end = System.nanoTime();
                return new double[] {(middle - start) / 1e6, (end - middle) / 1e6};
            }
        }

        /** Reading an element waits for what computes it, on a GPU too. */
        private void read(NDArray array) {
            LinearKernel.cast(array, Precision.FLOAT32).get(0, 0, 0).getFloat();
        }
    }
}
