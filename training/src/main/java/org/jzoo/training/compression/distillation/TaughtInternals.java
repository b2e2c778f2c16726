package org.jzoo.training.compression.distillation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.List;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/**
 * Batches with a teacher's outputs, {@code (B, C)} in float32, and its internals, one array for
 * each term, as the last labels. The teacher is asked every time: internals are too large to be
 * kept, and texts may be changed at random.
 */
public final class TaughtInternals implements Batches {

    private final Batches batches;
    private final Block teacher;
    private final List<InternalTerm> terms;
    private final Precision precision;

    /**
     * Lets a teacher look at batches.
     *
     * @param teacher takes the same inputs
     * @param terms what of its internals is wanted
     * @param precision of its matrix products
     */
    public TaughtInternals(
            Batches batches, Block teacher, List<InternalTerm> terms, Precision precision) {
        this.batches = batches;
        this.teacher = teacher;
        this.terms = List.copyOf(terms);
        this.precision = precision;
    }

    @Override
    public int size(int epoch) {
        return batches.size(epoch);
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        TrainingBatch batch = batches.batch(epoch, index, manager);
        NDList labels = new NDList(batch.labels());
        ForwardContext context = batch.context(precision);
        terms.forEach(term -> context.withCapture(term.kind().capture()));
        try (GradientMode off = GradientMode.off();
                NDManager scope = manager.newSubManager()) {
            NDList outputs =
                    teacher.forward(
                            new ParameterStore(scope, false),
                            batch.inputs(),
                            false,
                            context.asParams());
            labels.add(kept(LinearKernel.cast(outputs.get(0), Precision.FLOAT32), manager));
            for (InternalTerm term : terms) {
                labels.add(
                        kept(
                                InternalDistillation.internal(
                                        context.captured(), term.kind(), term.teacherLayer()),
                                manager));
            }
        }
        return batch.withLabels(labels);
    }

    private static NDArray kept(NDArray array, NDManager manager) {
        array.attach(manager);
        return array;
    }
}
