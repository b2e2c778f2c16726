package org.jzoo.tests;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.MaskedWordsTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.RegressionTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.task.TokenClassificationTask;

/** Text encoders: ids, types and a mask. */
record TextEncoderFamily() implements Family {

    private static final int T = 7;

    /** Token ids start above the special tokens, padding among them. */
    private static final int FIRST_WORD = 4;

    private static final int WORDS = 90;

    @Override
    public List<Task> tasks(Architecture architecture) {
        HeadOption head = architecture.head();
        HeadOption steady = new HeadOption(head.pooling(), head.dense(), 0);
        return List.of(
                new ClassificationTask(List.of("a", "b", "c"), false, steady),
                new RegressionTask(true, head),
                new TokenClassificationTask(List.of("a", "b"), 0.1),
                new EmbeddingTask(Pooling.MEAN, true),
                new MaskedWordsTask(Activation.GELU, 1e-12));
    }

    @Override
    public NDList inputs(NDManager manager, int rows) {
        return inputs(ids(manager, rows, T), T);
    }

    /** The first token is global in some rows only: heads that read it alone see both kinds. */
    @Override
    public ForwardContext wholeContext(NDList inputs) {
        NDArray ids = inputs.head();
        boolean[] global = new boolean[(int) ids.size()];
        int length = (int) ids.getShape().get(1);
        for (int i = 0; i < global.length; i += 2 * length) {
            global[i] = true;
        }
        return new ForwardContext()
                .withGlobalTokens(ids.getManager().create(global, ids.getShape()));
    }

    /** Random words. */
    static NDArray ids(NDManager manager, int rows, int length) {
        Random random = new Random(5);
        return manager.create(
                random.longs((long) rows * length, FIRST_WORD, WORDS).toArray(),
                new Shape(rows, length));
    }

    /** Ids, types, and a mask that keeps the first {@code kept} tokens of each row. */
    static NDList inputs(NDArray ids, int kept) {
        int length = (int) ids.getShape().get(1);
        boolean[] keep = new boolean[(int) ids.size()];
        for (int i = 0; i < keep.length; i++) {
            keep[i] = i % length < kept;
        }
        NDManager manager = ids.getManager();
        return new NDList(ids, ids.zerosLike(), manager.create(keep, ids.getShape()));
    }

    @Override
    public NDArray loss(NDList inputs, NDList outputs) {
        NDArray logits = outputs.singletonOrThrow();
        NDArray labels = logits.getManager().create(new long[] {0, 1, 2, 2, 1, 0});
        return LossKernel.crossEntropy(logits, labels, null, 0);
    }
}
