package org.jzoo.training.compression.distillation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/**
 * Batches with what a teacher says of them as the last label, {@code (B, C)} in float32. Rows that
 * batches name ({@link TrainingBatch#rows()}) are asked about once and remembered.
 */
public final class TaughtBatches implements Batches {

    private final Batches batches;
    private final Block teacher;
    private final Precision precision;
    private final KnownAnswers known;

    /**
     * Lets a teacher look at batches.
     *
     * @param teacher takes the same inputs; its first output is {@code (B, C)}
     * @param precision of its matrix products
     */
    public TaughtBatches(Batches batches, Block teacher, Precision precision) {
        this(batches, teacher, precision, new KnownAnswers());
    }

    /**
     * Lets a teacher look at batches of which it may have seen rows.
     *
     * @param teacher takes the same inputs; its first output is {@code (B, C)}
     * @param precision of its matrix products
     * @param known what it said of rows; answers are added
     */
    public TaughtBatches(Batches batches, Block teacher, Precision precision, KnownAnswers known) {
        this.batches = batches;
        this.teacher = teacher;
        this.precision = precision;
        this.known = known;
    }

    @Override
    public int size(int epoch) {
        return batches.size(epoch);
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        TrainingBatch batch = batches.batch(epoch, index, manager);
        NDList labels = new NDList(batch.labels());
        labels.add(answers(batch, manager));
        return batch.withLabels(labels);
    }

    private NDArray answers(TrainingBatch batch, NDManager manager) {
        long[] rows = batch.rows();
        if (rows.length == 0) {
            return ask(batch, manager);
        }
        if (known.has(rows)) {
            float[] flat = known.of(rows);
            return manager.create(flat, new Shape(rows.length, flat.length / rows.length));
        }
        NDArray fresh = ask(batch, manager);
        float[] flat = fresh.toFloatArray();
        int width = flat.length / rows.length;
        for (int i = 0; i < rows.length; i++) {
            known.put(rows[i], Arrays.copyOfRange(flat, i * width, (i + 1) * width));
        }
        return fresh;
    }

    private NDArray ask(TrainingBatch batch, NDManager manager) {
        try (GradientMode off = GradientMode.off();
                NDManager scope = manager.newSubManager()) {
            NDList outputs =
                    teacher.forward(
                            new ParameterStore(scope, false),
                            batch.inputs(),
                            false,
                            batch.context(precision).asParams());
            NDArray answers = LinearKernel.cast(outputs.get(0), Precision.FLOAT32);
            answers.attach(manager);
            return answers;
        }
    }
}
