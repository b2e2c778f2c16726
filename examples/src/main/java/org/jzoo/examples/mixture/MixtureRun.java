package org.jzoo.examples.mixture;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.feedforward.experts.ExpertsFeedForward;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.training.optimizer.AdamW;
import org.jzoo.training.optimizer.AdamWConfig;

/**
 * One learner on one drawing of the task, judged once on tokens that it never saw.
 *
 * @param learner a {@link MixtureLearner}'s label
 * @param seed of the task, the weights and the tokens
 * @param steps of the optimizer, at least 1
 */
public record MixtureRun(String learner, long seed, int steps) {

    /** Tokens of a step. */
    static final int BATCH = 512;

    private static final int TEST = 8192;
    private static final double RATE = 5e-3;

    /**
     * What comes of a run.
     *
     * @param parameters weights in all
     * @param activeWidth inner features that compute one token
     * @param unexplained squared error on unseen tokens as a share of their targets' variance
     * @param load how many unseen tokens of each kind (rows) have each expert (columns) as their
     *     first choice; null without experts
     * @param seconds of training
     */
    public record Figures(
            String learner,
            long seed,
            int steps,
            long parameters,
            int activeWidth,
            double unexplained,
            int[][] load,
            double seconds) {

        /**
         * How much an expert's number tells of the token's kind: their mutual information over the
         * kinds' entropy, 0 for nothing, 1 for everything.
         */
        public double specialisation() {
            double total = 0;
            double[] kinds = new double[load.length];
            double[] experts = new double[load[0].length];
            for (int t = 0; t < load.length; t++) {
                for (int e = 0; e < experts.length; e++) {
                    kinds[t] += load[t][e];
                    experts[e] += load[t][e];
                    total += load[t][e];
                }
            }
            double information = 0;
            double entropy = 0;
            for (int t = 0; t < kinds.length; t++) {
                entropy -= kinds[t] == 0 ? 0 : kinds[t] / total * Math.log(kinds[t] / total);
                for (int e = 0; e < experts.length; e++) {
                    if (load[t][e] > 0) {
                        information +=
                                load[t][e]
                                        / total
                                        * Math.log(load[t][e] * total / (kinds[t] * experts[e]));
                    }
                }
            }
            return information / entropy;
        }
    }

    /** Learns and judges. */
    public Figures run(Device device) {
        MixtureLearner what = MixtureLearner.labelled(learner);
        MixtureTask task = new MixtureTask(seed);
        try (NDManager manager = PyTorch.engine().newBaseManager(device)) {
            PyTorch.seed(seed);
            Block block = what.option().create(MixtureTask.DIM);
            block.initialize(manager, DataType.FLOAT32, new Shape(1, BATCH, MixtureTask.DIM));
            Map<String, NDArray> weights = new LinkedHashMap<>();
            ParameterPaths.of(block)
                    .forEach(
                            (path, parameter) -> {
                                parameter.getArray().setRequiresGradient(true);
                                weights.put(path, parameter.getArray());
                            });
            long start = System.nanoTime();
            learn(block, weights, task, manager);
            double seconds = (System.nanoTime() - start) / 1e9;
            long parameters = weights.values().stream().mapToLong(NDArray::size).sum();
            ForwardContext context = new ForwardContext();
            if (what.hasExperts()) {
                context.withCapture(ExpertsFeedForward.PROBABILITIES);
            }
            MixtureTask.Sample test = task.sample(TEST, ~seed);
            double unexplained = judge(block, test, context, manager);
            NDArray probabilities = context.captured().get(ExpertsFeedForward.PROBABILITIES);
            return new Figures(
                    learner,
                    seed,
                    steps,
                    parameters,
                    what.activeWidth(),
                    unexplained,
                    probabilities == null ? null : load(probabilities, test.kinds()),
                    seconds);
        }
    }

    private void learn(
            Block block, Map<String, NDArray> weights, MixtureTask task, NDManager manager) {
        AdamWConfig config = AdamWConfig.builder().setLearningRate(RATE).optWeightDecay(0).build();
        try (AdamW optimizer = new AdamW(weights, config)) {
            for (int step = 0; step < steps; step++) {
                MixtureTask.Sample batch = task.sample(BATCH, seed * 1_000_003 + step);
                try (NDManager scope = manager.newSubManager();
                        GradientMode on = GradientMode.on()) {
                    ForwardContext context = new ForwardContext();
                    NDArray y = forward(block, batch, true, context, scope);
                    NDArray loss = LossKernel.meanSquaredError(y, array(scope, batch.y(), BATCH));
                    for (NDArray balance : context.losses().values()) {
                        loss = LinearKernel.add(loss, balance);
                    }
                    GradientMode.backward(loss);
                    optimizer.step(0.5 * (1 + Math.cos(Math.PI * step / steps)));
                    optimizer.zeroGradients();
                }
            }
        }
    }

    private static NDArray forward(
            Block block,
            MixtureTask.Sample sample,
            boolean training,
            ForwardContext context,
            NDManager scope) {
        return block.forward(
                        new ParameterStore(scope, false),
                        new NDList(array(scope, sample.x(), sample.size())),
                        training,
                        context.asParams())
                .singletonOrThrow();
    }

    private static NDArray array(NDManager scope, float[] values, int count) {
        return scope.create(values, new Shape(1, count, MixtureTask.DIM)); // (1, N, D)
    }

    private static double judge(
            Block block, MixtureTask.Sample test, ForwardContext context, NDManager manager) {
        float[] found;
        try (GradientMode off = GradientMode.off()) {
            found = forward(block, test, false, context, manager).toFloatArray();
        }
        double[] means = new double[MixtureTask.DIM];
        for (int i = 0; i < found.length; i++) {
            means[i % MixtureTask.DIM] += test.y()[i] / (double) test.size();
        }
        double error = 0;
        double variance = 0;
        for (int i = 0; i < found.length; i++) {
            error += Math.pow(found[i] - test.y()[i], 2);
            variance += Math.pow(test.y()[i] - means[i % MixtureTask.DIM], 2);
        }
        return error / variance;
    }

    private static int[][] load(NDArray probabilities, int[] kinds) {
        float[] p = probabilities.toFloatArray();
        int experts = (int) probabilities.getShape().tail();
        int[][] load = new int[MixtureTask.KINDS][experts];
        for (int n = 0; n < kinds.length; n++) {
            int best = 0;
            for (int e = 1; e < experts; e++) {
                if (p[n * experts + e] > p[n * experts + best]) {
                    best = e;
                }
            }
            load[kinds[n]][best]++;
        }
        return load;
    }
}
