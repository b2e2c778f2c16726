package org.jzoo.zoo.j1;

import ai.djl.nn.Block;
import org.jzoo.zoo.task.Task;

/** A task of a model with a text and an image: a head on the vector that the gate makes of both. */
public interface J1Task extends Task {

    /** Builds the head: (B, D) to the task's output. */
    Block createHead(int dim);
}
