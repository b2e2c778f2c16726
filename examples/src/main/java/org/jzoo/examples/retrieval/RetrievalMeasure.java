package org.jzoo.examples.retrieval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.ForwardContext;

/** Lets each text of a test look for its picture, and each picture for its text. */
final class RetrievalMeasure {

    private static final int ROWS = 128;

    private final Block model;
    private final Precision precision;
    private final NDManager manager;

    RetrievalMeasure(Block model, Precision precision, NDManager manager) {
        this.model = model;
        this.precision = precision;
        this.manager = manager;
    }

    RetrievalRun.Found of(String test, RetrievalSet set) {
        float[][] images = vectors(set, (rows, scope) -> new NDList(set.images(rows, scope)));
        float[][] texts = vectors(set, (rows, scope) -> set.texts(rows, null, scope));
        return Recall.of(test, images, texts);
    }

    private float[][] vectors(
            RetrievalSet set, BiFunction<List<Integer>, NDManager, NDList> inputs) {
        float[][] all = new float[set.size()][];
        try (GradientMode off = GradientMode.off()) {
            for (int from = 0; from < all.length; from += ROWS) {
                int to = Math.min(all.length, from + ROWS);
                List<Integer> rows = IntStream.range(from, to).boxed().toList();
                try (NDManager scope = manager.newSubManager()) {
                    NDArray vectors =
                            model.forward(
                                            new ParameterStore(scope, false),
                                            inputs.apply(rows, scope),
                                            false,
                                            new ForwardContext()
                                                    .withPrecision(precision)
                                                    .asParams())
                                    .singletonOrThrow(); // (rows, E)
                    float[] flat = vectors.toFloatArray();
                    int dim = flat.length / rows.size();
                    for (int row : rows) {
                        int at = (row - from) * dim;
                        all[row] = Arrays.copyOfRange(flat, at, at + dim);
                    }
                }
            }
        }
        return all;
    }
}
