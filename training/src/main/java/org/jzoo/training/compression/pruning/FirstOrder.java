package org.jzoo.training.compression.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.ImportanceKernel;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loss.Loss;

/**
 * How much the loss depends on a part: {@code E |∂loss/∂g|} for a factor g = 1 on what the part
 * gives, the mean over batches. The smaller the batches, the less do examples cancel each other.
 *
 * @see <a href="https://arxiv.org/abs/1905.10650">Michel et al. 2019, Are Sixteen Heads Really
 *     Better than One?</a>, section 3
 * @see <a href="https://arxiv.org/abs/1906.10771">Molchanov et al. 2019, Importance Estimation for
 *     Neural Network Pruning</a>
 */
public final class FirstOrder {

    private final Loss loss;
    private final Batches batches;
    private final int numBatches;

    /**
     * Prepares a measurement.
     *
     * @param loss of which the derivatives are
     * @param batches whose first epoch is used
     * @param numBatches how many of them at most, at least 1
     */
    public FirstOrder(Loss loss, Batches batches, int numBatches) {
        if (numBatches < 1) {
            throw new IllegalArgumentException(
                    "numBatches must be >= 1, got numBatches=" + numBatches);
        }
        this.loss = loss;
        this.batches = batches;
        this.numBatches = numBatches;
    }

    /** One layer's sums. */
    private static final class Sums {

        private final NDArray output;
        private final NDArray down;
        private final int headSize;
        private final double[] heads;
        private final double[] channels;
        private double layer;

        Sums(LayerConfig config, String path, Map<String, Parameter> parameters) {
            output = parameters.get(path + "mixer.output.weight").getArray();
            down = parameters.get(path + "feedForward.down.weight").getArray();
            headSize = StackPruning.attention(config).headSize();
            heads = new double[StackPruning.attention(config).numHeads()];
            channels = new double[StackPruning.width(config.feedForward())];
        }

        void add() {
            float[] mixed = gates(output); // (H · Dh)
            float[] inner = gates(down); // (F)
            double mixer = 0;
            for (int h = 0; h < heads.length; h++) {
                double head = 0;
                for (int i = 0; i < headSize; i++) {
                    head += mixed[h * headSize + i];
                }
                heads[h] += Math.abs(head);
                mixer += head;
            }
            double feedForward = 0;
            for (int c = 0; c < channels.length; c++) {
                channels[c] += Math.abs(inner[c]);
                feedForward += inner[c];
            }
            layer += Math.abs(mixer) + Math.abs(feedForward);
        }

        private static float[] gates(NDArray weight) {
            try (NDArray gates = ImportanceKernel.inputGates(weight)) {
                return gates.toFloatArray();
            }
        }

        static double[] mean(double[] sums, int count) {
            double[] means = sums.clone();
            for (int i = 0; i < means.length; i++) {
                means[i] /= count;
            }
            return means;
        }
    }

    /**
     * Measures the stack of a model, which drops out as in training, always alike, and is as it was
     * afterwards.
     *
     * @throws IllegalArgumentException if the model has several stacks, or one that cannot be
     *     pruned
     */
    public StackImportance of(Part model) {
        Stacks.only(model);
        return ofAll(model).values().iterator().next();
    }

    /**
     * Measures all stacks of a model in the same passes, so that their importances can be compared.
     *
     * @return by path, as {@link Stacks#of} tells them
     * @throws IllegalArgumentException if the model has no stack, or one that cannot be pruned
     */
    public Map<String, StackImportance> ofAll(Part model) {
        Map<String, List<Sums>> stacks = new LinkedHashMap<>();
        Stacks.of(model).forEach((path, stack) -> stacks.put(path, sums(stack)));
        if (stacks.isEmpty()) {
            throw new IllegalArgumentException("model must have a stack of layers, got none");
        }
        List<Sums> sums = stacks.values().stream().flatMap(List::stream).toList();
        int count = measure(model, sums);
        Map<String, StackImportance> found = new LinkedHashMap<>();
        stacks.forEach((path, layers) -> found.put(path, importance(layers, count)));
        return found;
    }

    private static List<Sums> sums(Transformer stack) {
        List<LayerConfig> layers = stack.config().layers();
        Map<String, Parameter> parameters = ParameterPaths.of(stack);
        List<Sums> sums = new ArrayList<>();
        for (int l = 0; l < layers.size(); l++) {
            sums.add(new Sums(layers.get(l), "layers." + l + ".", parameters));
        }
        return sums;
    }

    private static StackImportance importance(List<Sums> sums, int count) {
        return new StackImportance(
                sums.stream().map(s -> Sums.mean(s.heads, count)).toArray(double[][]::new),
                sums.stream().map(s -> Sums.mean(s.channels, count)).toArray(double[][]::new),
                sums.stream().mapToDouble(s -> s.layer / count).toArray());
    }

    // Returns over how many batches the sums are.
    private int measure(Part model, List<Sums> sums) {
        NDArray[] maps =
                sums.stream().flatMap(s -> Stream.of(s.output, s.down)).toArray(NDArray[]::new);
        Map<String, Parameter> all = ParameterPaths.of(model);
        all.values().forEach(p -> p.getArray().setRequiresGradient(false));
        for (NDArray map : maps) {
            map.setRequiresGradient(true);
        }
        int count = Math.min(numBatches, batches.size(0));
        try (NDManager manager = PyTorch.engine().newBaseManager(maps[0].getDevice())) {
            for (int i = 0; i < count; i++) {
                OptimizerKernel.zeroGradients(maps);
                backward(model, i, manager);
                sums.forEach(Sums::add);
            }
        } finally {
            OptimizerKernel.zeroGradients(maps);
            all.values().forEach(p -> p.getArray().setRequiresGradient(p.requiresGradient()));
        }
        return count;
    }

    private void backward(Part model, int index, NDManager manager) {
        try (NDManager scope = manager.newSubManager();
                GradientMode on = GradientMode.on()) {
            TrainingBatch batch = batches.batch(0, index, scope);
            ForwardContext context = batch.context(Precision.FLOAT32);
            PyTorch.seed(index);
            NDList outputs =
                    model.forward(
                            new ParameterStore(scope, false),
                            batch.inputs(),
                            true,
                            context.asParams());
            GradientMode.backward(loss.compute(outputs, batch.labels(), context));
        }
    }
}
