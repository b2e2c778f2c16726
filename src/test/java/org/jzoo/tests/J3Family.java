package org.jzoo.tests;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.task.Task;

/** J3 in one chunk: a text encoder whose texts come with a question. */
record J3Family(TextEncoderFamily texts) implements Family {

    private static final int Q = 3;

    @Override
    public List<Task> tasks(Architecture architecture) {
        List<Task> tasks = new ArrayList<>(texts.tasks(architecture));
        tasks.add(new SpanTask(0.1));
        return tasks;
    }

    @Override
    public NDList inputs(NDManager manager, int rows) {
        NDList inputs = texts.inputs(manager, rows);
        inputs.add(TextEncoderFamily.ids(manager, rows, Q));
        return inputs;
    }

    @Override
    public NDArray loss(NDList inputs, NDList outputs) {
        return texts.loss(inputs, outputs);
    }
}
