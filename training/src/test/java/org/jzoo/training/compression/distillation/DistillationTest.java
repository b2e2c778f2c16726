package org.jzoo.training.compression.distillation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.loss.SquaredError;

final class DistillationTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private double value(Distillation loss, NDArray student, NDArray... labels) {
        return loss.compute(new NDList(student), new NDList(labels), new ForwardContext())
                .toFloatArray()[0];
    }

    private NDArray row(double... logits) {
        float[] values = new float[logits.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) logits[i];
        }
        return manager.create(values, new Shape(1, values.length));
    }

    @Test
    void mixesLabelsAndTheDivergenceAtATemperature() {
        // At T = 2 the teacher says (3/4, 1/4), the student (1/2, 1/2).
        NDArray teacher = row(2 * Math.log(3), 0);
        NDArray student = row(0, 0);
        NDArray label = manager.create(new long[] {1});
        double divergence = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
        assertEquals(
                0.3 * Math.log(2) + 0.7 * 4 * divergence,
                value(new Distillation(new CrossEntropy(), 0.3, 2), student, label, teacher),
                1e-6);
        assertEquals(
                4 * divergence,
                value(new Distillation(new CrossEntropy(), 0, 2), student, label, teacher),
                1e-6);
        assertEquals(
                Math.log(2),
                value(new Distillation(new CrossEntropy(), 1, 2), student, label, teacher),
                1e-6);
    }

    @Test
    void numbersAreComparedBySquares() {
        assertEquals(
                0.25 * 9 + 0.75 * 4,
                value(
                        new Distillation(new SquaredError(), 0.25, 1),
                        row(1),
                        manager.create(new float[] {4}),
                        row(3)),
                1e-6);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThrows(
                IllegalArgumentException.class, () -> new Distillation(new CrossEntropy(), 1.1, 1));
        assertThrows(
                IllegalArgumentException.class, () -> new Distillation(new CrossEntropy(), 0, 0));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        value(
                                new Distillation(new CrossEntropy(), 0.5, 1),
                                row(1, 2),
                                manager.create(new long[] {0}),
                                row(1, 2, 3)));
    }

    /** Counts how often it is asked: (B, T, 3) to (B, 2). */
    private static final class Teacher extends Part {

        private int asked;

        Teacher() {
            child("map", new Linear(3, 2, true));
        }

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            asked++;
            NDArray mean =
                    EmbeddingKernel.meanPool(inputs.singletonOrThrow(), pass.context().mask());
            return list(pass.run(part("map"), mean));
        }
    }

    /** Four rows in pairs, in another order in odd epochs, with a mask. */
    private static final class Pairs implements Batches {

        @Override
        public int size(int epoch) {
            return 2;
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager manager) {
            long[] rows =
                    epoch % 2 == 0
                            ? new long[] {2L * index, 2L * index + 1}
                            : new long[] {3 - index, index};
            float[] values = new float[2 * 2 * 3];
            for (int i = 0; i < values.length; i++) {
                values[i] = rows[i / 6] + 0.1f * (i % 6);
            }
            return TrainingBatch.builder()
                    .setInputs(new NDList(manager.create(values, new Shape(2, 2, 3))))
                    .optMask(
                            manager.create(
                                    new boolean[] {true, false, true, true}, new Shape(2, 2)))
                    .optLabels(new NDList(manager.create(rows)))
                    .setExamples(2)
                    .optRows(rows)
                    .build();
        }
    }

    @Test
    void teachersAreAskedOnceAboutARowAndRemembered() {
        Teacher teacher = new Teacher();
        teacher.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 3));
        TaughtBatches taught = new TaughtBatches(new Pairs(), teacher, Precision.FLOAT32);
        float[] first = taught.batch(0, 0, manager).labels().get(1).toFloatArray();
        float[] second = taught.batch(0, 1, manager).labels().get(1).toFloatArray();
        assertEquals(2, teacher.asked);
        NDArray mixed = taught.batch(1, 0, manager).labels().get(1); // rows 3 and 0
        assertEquals(2, teacher.asked);
        assertEquals(new Shape(2, 2), mixed.getShape());
        assertArrayEquals(
                new float[] {second[2], second[3], first[0], first[1]}, mixed.toFloatArray());
        assertArrayEquals(
                new long[] {3, 0}, taught.batch(1, 0, manager).labels().get(0).toLongArray());
    }
}
