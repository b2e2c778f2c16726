package org.jzoo.zoo.task;

import ai.djl.nn.Block;
import org.jzoo.blocks.part.Option;
import org.jzoo.zoo.encoder.TextEncoder;

/** What a model is for. A saved configuration names it with its labels and pooling. */
public interface Task extends Option {

    /** Builds the head: hidden states (B, T, D) to the task's output. */
    Block createHead(TextEncoder encoder);
}
