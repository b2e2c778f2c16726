package org.jzoo.tests;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.task.CausalLanguageTask;
import org.jzoo.zoo.task.Task;

/** Text decoders: ids. */
record TextDecoderFamily() implements Family {

    private static final int T = 7;

    @Override
    public List<Task> tasks(Architecture architecture) {
        return List.of(new CausalLanguageTask(List.of(1L)));
    }

    @Override
    public NDList inputs(NDManager manager, int rows) {
        return new NDList(TextEncoderFamily.ids(manager, rows, T));
    }

    // Each row is six choices among 97 tokens, the others' one among a few.
    @Override
    public int steps() {
        return 150;
    }

    @Override
    public NDArray loss(NDList inputs, NDList outputs) {
        return LossKernel.nextToken(outputs.singletonOrThrow(), inputs.head(), null);
    }
}
