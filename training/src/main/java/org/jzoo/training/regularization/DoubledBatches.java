package org.jzoo.training.regularization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jzoo.blocks.part.LayerSpan;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/**
 * Batches whose rows come twice, first all of them and then all of them again: (B, …) becomes (2 B,
 * …), so that dropout looks at each in two ways. Examples and tokens count once.
 *
 * @param batches whose arrays all have a row for each example; positions may be (T)
 */
public record DoubledBatches(Batches batches) implements Batches {

    @Override
    public int size(int epoch) {
        return batches.size(epoch);
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        TrainingBatch batch = batches.batch(epoch, index, manager);
        NDArray positions = batch.positions();
        boolean shared = positions == null || positions.getShape().dimension() == 1;
        return new TrainingBatch(
                twice(batch.inputs()),
                twice(batch.labels()),
                batch.mask() == null ? null : twice(batch.mask()),
                shared ? positions : twice(positions),
                batch.examples(),
                batch.tokens(),
                batch.weight(),
                LongStream.concat(Arrays.stream(batch.rows()), Arrays.stream(batch.rows()))
                        .toArray(),
                twice(batch.span()));
    }

    private static LayerSpan twice(LayerSpan span) {
        return span == null || span.states() == null
                ? span
                : new LayerSpan(span.first(), twice(span.states()), span.end());
    }

    private static NDList twice(NDList arrays) {
        NDList doubled = new NDList();
        arrays.forEach(array -> doubled.add(twice(array)));
        return doubled;
    }

    private static NDArray twice(NDArray array) {
        return array.concat(array, 0);
    }
}
