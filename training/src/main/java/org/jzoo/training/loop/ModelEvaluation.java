package org.jzoo.training.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.metric.ClassMetric;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.metric.Metric;
import org.jzoo.training.metric.ValueMetric;

/**
 * Runs all batches of a data set through the model: the mean loss as "loss", then metrics under
 * their own names.
 *
 * <p>Class metrics compare the greatest of the logits {@code (..., C)} with labels {@code (...)},
 * leaving out rows labelled {@link LossKernel#IGNORE}; value metrics compare outputs and labels
 * element by element.
 */
public final class ModelEvaluation implements Evaluation {

    private final Batches batches;
    private final Loss loss;
    private final List<ClassMetric> classMetrics = new ArrayList<>();
    private final List<ValueMetric> valueMetrics = new ArrayList<>();
    private final List<ConfusionMatrix> matrices = new ArrayList<>();

    /**
     * Evaluates on epoch 0 of {@code batches}.
     *
     * @param batches what the model is asked
     * @param loss without auxiliary losses
     */
    public ModelEvaluation(Batches batches, Loss loss) {
        this.batches = batches;
        this.loss = loss;
    }

    /** Adds metrics over classes. */
    public ModelEvaluation with(ClassMetric... metrics) {
        classMetrics.addAll(List.of(metrics));
        return this;
    }

    /** Adds metrics over numbers. */
    public ModelEvaluation with(ValueMetric... metrics) {
        valueMetrics.addAll(List.of(metrics));
        return this;
    }

    /** Adds a matrix that each evaluation counts anew; it is no metric and has no name. */
    public ModelEvaluation counting(ConfusionMatrix matrix) {
        matrices.add(matrix);
        return this;
    }

    private List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>(classMetrics);
        metrics.addAll(valueMetrics);
        return metrics;
    }

    @Override
    public List<String> metricNames() {
        List<String> names = new ArrayList<>(List.of("loss"));
        metrics().forEach(metric -> names.add(metric.name()));
        return names;
    }

    @Override
    public Map<String, Double> evaluate(Block model, Precision precision) {
        List<Metric> metrics = metrics();
        metrics.forEach(Metric::reset);
        matrices.forEach(ConfusionMatrix::reset);
        double sum = 0;
        double weight = 0;
        try (GradientMode off = GradientMode.off();
                NDManager manager = PyTorch.engine().newBaseManager(Trainables.deviceOf(model))) {
            ParameterStore store = new ParameterStore(manager, false);
            for (int i = 0; i < batches.size(0); i++) {
                try (NDManager scope = manager.newSubManager()) {
                    TrainingBatch batch = batches.batch(0, i, scope);
                    ForwardContext context = batch.context(precision);
                    NDList outputs =
                            model.forward(store, batch.inputs(), false, context.asParams());
                    NDArray mean = loss.compute(outputs, batch.labels(), context);
                    sum += batch.weight() * mean.toFloatArray()[0];
                    weight += batch.weight();
                    add(outputs, batch.labels());
                }
            }
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", sum / weight);
        metrics.forEach(metric -> values.put(metric.name(), metric.value()));
        return values;
    }

    private void add(NDList outputs, NDList labels) {
        boolean classes = !classMetrics.isEmpty() || !matrices.isEmpty();
        if (!classes && valueMetrics.isEmpty()) {
            return;
        }
        NDArray output = LinearKernel.cast(outputs.get(0), Precision.FLOAT32); // (..., C) or (B, 1)
        if (classes) {
            long[] expected = labels.get(0).toLongArray(); // (...)
            long[] predicted = output.argMax(-1).toLongArray();
            int[] kept =
                    IntStream.range(0, expected.length)
                            .filter(i -> expected[i] != LossKernel.IGNORE)
                            .toArray();
            int[] was = IntStream.of(kept).map(i -> (int) predicted[i]).toArray();
            int[] should = IntStream.of(kept).map(i -> (int) expected[i]).toArray();
            classMetrics.forEach(metric -> metric.add(was, should));
            matrices.forEach(matrix -> matrix.add(was, should));
        }
        if (!valueMetrics.isEmpty()) {
            double[] was = doubles(output);
            double[] should = doubles(labels.get(0));
            valueMetrics.forEach(metric -> metric.add(was, should));
        }
    }

    private static double[] doubles(NDArray array) {
        float[] floats = array.toFloatArray();
        return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
    }
}
