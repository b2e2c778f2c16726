package org.jzoo.training.loop;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.List;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.optimizer.AdamWConfig;

/**
 * A training that minds nothing but its steps, in bfloat16: the native library then holds a kernel
 * for each shape, and takes its time to free them when the process exits.
 */
final class EndingChild {

    /** How many lengths of text it trains on, one a step. */
    static final int LENGTHS = 8;

    private EndingChild() {}

    /** Trains until killed, and prints what happens. */
    public static void main(String[] args) {
        try (NDManager manager = PyTorch.newBaseManager()) {
            TrainingLoop.builder()
                    .setModel(TinyBert.seeded(manager, 1, 0.2))
                    .setLoss(new CrossEntropy())
                    .setBatches(new Lengths())
                    .setConfig(
                            TrainingConfig.builder()
                                    .optSteps(1_000_000)
                                    .optPrecision(Precision.BFLOAT16)
                                    .build())
                    .setOptimizer(AdamWConfig.of(1e-3))
                    .optCallback(new Printer())
                    .build()
                    .run();
        }
    }

    /** Starts it. */
    static Process start() throws IOException {
        return TrainingChild.java(EndingChild.class, List.of("-Xmx256m"), List.of());
    }

    /** Rows of the same token, each batch of another length. */
    private record Lengths() implements Batches {

        @Override
        public int size(int epoch) {
            return LENGTHS;
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager manager) {
            int rows = 5;
            int length = 2 + index;
            long[] labels = {0, 1, 0, 1, 0};
            return TrainingBatch.builder()
                    .setInputs(
                            new NDList(
                                    manager.create(
                                            new long[rows * length], new Shape(rows, length))))
                    .setExamples(rows)
                    .optLabels(new NDList(manager.create(labels)))
                    .optTokens((long) rows * length)
                    .build();
        }
    }

    /** One line for each step and one for the end. */
    private static final class Printer implements TrainingCallback {

        @Override
        public void onStep(StepReport step) {
            System.out.println("step " + step.step());
        }

        @Override
        public void onEnd(TrainingResult result) {
            System.out.println(result.end());
        }
    }
}
