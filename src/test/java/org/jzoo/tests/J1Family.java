package org.jzoo.tests;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.j1.MatchTask;
import org.jzoo.zoo.j1.RetrievalTask;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.task.Task;

/** J1: a text and an image each; every third example lacks the one, every third the other. */
record J1Family(J1Config config) implements Family {

    private static final int T = 7;

    @Override
    public List<Task> tasks(Architecture architecture) {
        return List.of(
                new AnswerTask(List.of("a", "b", "c"), 0), new MatchTask(0), new RetrievalTask(5));
    }

    @Override
    public NDList inputs(NDManager manager, int rows) {
        NDList texts = TextEncoderFamily.inputs(TextEncoderFamily.ids(manager, rows, T), T - 2);
        ImagePreprocessing like = config.preprocessing();
        boolean[] present = new boolean[2 * rows];
        for (int b = 0; b < rows; b++) {
            present[2 * b] = b % 3 != 1;
            present[2 * b + 1] = b % 3 != 2;
        }
        return new NDList(
                texts.get(0),
                texts.get(2),
                ImageEncoderFamily.images(manager, like, rows, like.height(), like.width()),
                manager.create(present, new Shape(rows, 2)));
    }

    /**
     * What the head says, the gate's weights come after it; of retrieval, both kinds of vectors.
     */
    @Override
    public NDArray rows(NDList outputs) {
        return outputs.size() == 3 ? outputs.get(1).concat(outputs.get(2), 1) : outputs.head();
    }

    @Override
    public NDArray loss(NDList inputs, NDList outputs) {
        NDArray logits = outputs.head();
        NDArray labels = logits.getManager().create(new long[] {0, 1, 2, 2, 1, 0});
        return LossKernel.crossEntropy(logits, labels, null, 0);
    }
}
