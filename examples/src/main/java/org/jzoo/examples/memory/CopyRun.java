package org.jzoo.examples.memory;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.memory.Segmented;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.transformer.StackStart;
import org.jzoo.training.optimizer.AdamW;
import org.jzoo.training.optimizer.AdamWConfig;

/**
 * One model that learns to copy across segments.
 *
 * @param memory what it carries from one segment to the next
 * @param seed of weights and data
 */
public record CopyRun(CopyMemory memory, long seed) {

    private static final int BATCH = 32;
    private static final int EVERY = 50;
    private static final double RATE = 3e-3;
    private static final int WARMUP = 50;
    private static final double SOLVED = 0.995;

    /**
     * What comes of a run.
     *
     * @param memory the label of the kind of memory
     * @param steps made; fewer than allowed if the task was solved
     * @param accuracy the share of right answers on fresh examples, at the end
     * @param curve the same on the way, by step
     */
    public record Figures(
            String memory,
            long seed,
            int steps,
            double seconds,
            double accuracy,
            Map<Integer, Double> curve) {}

    /** Learns for at most {@code steps} steps, until the task is solved. */
    public Figures run(CopyTask task, int steps) {
        long started = System.nanoTime();
        try (NDManager manager = PyTorch.newBaseManager()) {
            PyTorch.seed(seed);
            Segmented model = memory.model(task);
            model.initialize(manager, DataType.FLOAT32, new Shape(1, task.length()));
            StackStart.FAN_IN.apply(model, memory.stack(task));
            Map<Integer, Double> curve = new TreeMap<>();
            int step = 0;
            double accuracy = 0;
            try (AdamW optimizer = new AdamW(parameters(model), AdamWConfig.of(RATE))) {
                while (step < steps && accuracy < SOLVED) {
                    train(model, optimizer, task, ++step, manager);
                    if (step % EVERY == 0 || step == steps) {
                        accuracy = accuracy(model, task, 4 * BATCH, -seed - step, manager);
                        curve.put(step, accuracy);
                    }
                }
            }
            return new Figures(
                    memory.label(),
                    seed,
                    step,
                    (System.nanoTime() - started) / 1e9,
                    accuracy(model, task, 512, ~seed, manager),
                    curve);
        }
    }

    private static Map<String, NDArray> parameters(Segmented model) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> entry : ParameterPaths.of(model).entrySet()) {
            NDArray array = entry.getValue().getArray();
            array.setRequiresGradient(true);
            parameters.put(entry.getKey(), array);
        }
        return parameters;
    }

    private void train(
            Segmented model, AdamW optimizer, CopyTask task, int step, NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            CopyTask.Batch batch = task.batch(scope, BATCH, seed * 1_000_003 + step);
            int last = task.numSegments() - 1;
            model.train(
                    new ParameterStore(scope, false),
                    batch.ids(),
                    new ForwardContext(),
                    (index, logits) ->
                            index == last
                                    ? LossKernel.crossEntropy(logits, batch.labels(), null, 0)
                                    : null);
            optimizer.clipGradients(1, scope);
            optimizer.step(Math.min(1, (double) step / WARMUP));
            optimizer.zeroGradients();
        }
    }

    private static double accuracy(
            Segmented model, CopyTask task, int examples, long dataSeed, NDManager manager) {
        try (NDManager scope = manager.newSubManager();
                GradientMode off = GradientMode.off()) {
            CopyTask.Batch batch = task.batch(scope, examples, dataSeed);
            NDArray logits =
                    model.forward(
                                    new ParameterStore(scope, false),
                                    new NDList(batch.ids()),
                                    false,
                                    new ForwardContext().asParams())
                            .singletonOrThrow(); // (B, N, V)
            long[] given =
                    logits.get(":, -%d:".formatted(task.segmentLength())).argMax(2).toLongArray();
            long[] wanted = batch.labels().toLongArray();
            int right = 0;
            for (int i = 0; i < wanted.length; i++) {
                right += given[i] == wanted[i] ? 1 : 0;
            }
            return (double) right / examples / task.numSymbols();
        }
    }
}
