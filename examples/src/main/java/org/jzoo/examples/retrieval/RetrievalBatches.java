package org.jzoo.examples.retrieval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jzoo.datasets.Seeds;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;

/** Pairs in an order of each epoch's own, texts and pictures changed; what is left over rests. */
final class RetrievalBatches implements Batches {

    private final RetrievalSet set;
    private final RetrievalConfig config;
    private final int rows;

    RetrievalBatches(RetrievalSet set, RetrievalConfig config) {
        this.set = set;
        this.config = config;
        rows = Math.min(config.batchSize(), set.size());
    }

    @Override
    public int size(int epoch) {
        return set.size() / rows;
    }

    @Override
    public TrainingBatch batch(int epoch, int index, NDManager manager) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, Seeds.random(config.seed() + 1, epoch));
        List<Integer> pairs = order.subList(index * rows, (index + 1) * rows);
        Random random = Seeds.random(config.seed() + 2, (long) epoch * size(epoch) + index);
        NDList inputs = set.texts(pairs, random, manager);
        NDArray images = set.images(pairs, manager);
        inputs.add(
                config.variant().changesPictures()
                        ? PictureChanges.USUAL.apply(images, random)
                        : images);
        return TrainingBatch.builder().setInputs(inputs).setExamples(rows).build();
    }
}
