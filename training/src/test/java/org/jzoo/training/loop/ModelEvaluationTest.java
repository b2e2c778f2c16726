package org.jzoo.training.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.loss.SquaredError;
import org.jzoo.training.metric.Accuracy;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.metric.MeanAbsoluteError;

final class ModelEvaluationTest {

    /** Batches that are made anew from their numbers. */
    private record Fixed(float[][] inputs, long[][] classes, float[][] values) implements Batches {

        @Override
        public int size(int epoch) {
            return inputs.length;
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager manager) {
            int rows = inputs[index].length / 2;
            return TrainingBatch.builder()
                    .setInputs(new NDList(manager.create(inputs[index], new Shape(rows, 2))))
                    .setExamples(rows)
                    .optLabels(
                            new NDList(
                                    classes == null
                                            ? manager.create(values[index])
                                            : manager.create(classes[index])))
                    .build();
        }
    }

    private static Linear model(NDManager manager, int out, float... weight) {
        Linear model = new Linear(2, out, false);
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 2));
        NDArray array = model.weight().getArray();
        try (GradientMode off = GradientMode.off()) {
            NDArray source = manager.create(weight, array.getShape());
            OptimizerKernel.copy(new NDArray[] {source}, new NDArray[] {array});
        }
        return model;
    }

    @Test
    void batchesCountByTheirRowsAndIgnoredLabelsNot() {
        Fixed batches =
                new Fixed(
                        new float[][] {{5, 0, 0, 5, 5, 0}, {0, 5}},
                        new long[][] {{0, 1, 1}, {-100}},
                        null);
        try (NDManager manager = PyTorch.newBaseManager()) {
            Map<String, Double> metrics =
                    new ModelEvaluation(
                                    batches, (outputs, labels, context) -> outputs.get(0).mean())
                            .with(new Accuracy(List.of("a", "b")))
                            .evaluate(model(manager, 2, 1, 0, 0, 1), Precision.FLOAT32);
            assertEquals(List.of("loss", "accuracy"), List.copyOf(metrics.keySet()));
            assertEquals(2.5, metrics.get("loss"), 1e-6);
            assertEquals(2.0 / 3, metrics.get("accuracy"), 1e-12);
        }
    }

    @Test
    void numbersAreComparedElementByElement() {
        Fixed batches = new Fixed(new float[][] {{1, 2, 3, 4}}, null, new float[][] {{4, 7}});
        try (NDManager manager = PyTorch.newBaseManager()) {
            Map<String, Double> metrics =
                    new ModelEvaluation(batches, new SquaredError())
                            .with(new MeanAbsoluteError())
                            .evaluate(model(manager, 1, 1, 1), Precision.FLOAT32);
            assertEquals(0.5, metrics.get("loss"), 1e-6);
            assertEquals(0.5, metrics.values().stream().skip(1).findFirst().orElseThrow(), 1e-12);
        }
    }

    @Test
    void aMatrixIsCountedAnewAndIsNoMetric() {
        Fixed batches =
                new Fixed(new float[][] {{5, 0, 0, 5}, {5, 0}}, new long[][] {{0, 1}, {1}}, null);
        ConfusionMatrix matrix = new ConfusionMatrix(List.of("a", "b"));
        try (NDManager manager = PyTorch.newBaseManager()) {
            ModelEvaluation evaluation =
                    new ModelEvaluation(batches, new CrossEntropy()).counting(matrix);
            assertEquals(List.of("loss"), evaluation.metricNames());
            for (int i = 0; i < 2; i++) {
                Map<String, Double> metrics =
                        evaluation.evaluate(model(manager, 2, 1, 0, 0, 1), Precision.FLOAT32);
                assertEquals(Set.of("loss"), metrics.keySet());
                assertEquals(3, matrix.total());
                assertArrayEquals(new long[][] {{1, 0}, {1, 1}}, matrix.counts());
            }
        }
    }

    @Test
    void secondEvaluationStartsAnew() {
        Fixed batches = new Fixed(new float[][] {{5, 0}}, new long[][] {{0}}, null);
        try (NDManager manager = PyTorch.newBaseManager()) {
            ModelEvaluation evaluation =
                    new ModelEvaluation(batches, new CrossEntropy())
                            .with(new Accuracy(List.of("a", "b")));
            assertEquals(
                    1.0,
                    evaluation
                            .evaluate(model(manager, 2, 1, 0, 0, 1), Precision.FLOAT32)
                            .get("accuracy"));
            assertEquals(
                    0.0,
                    evaluation
                            .evaluate(model(manager, 2, 0, 1, 1, 0), Precision.FLOAT32)
                            .get("accuracy"));
        }
    }
}
