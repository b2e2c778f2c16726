package org.jzoo.zoo.registry;

import ai.djl.nn.Block;
import org.jzoo.blocks.part.Option;
import org.jzoo.zoo.task.Task;

/** The numbers of a model without its head. */
public interface ModelOption extends Option {

    /** Builds the model for a task, without weights. */
    Block create(Task task);

    /** The token that fills up shorter texts of a batch, or -1 for none. */
    int padding();

    /** Tokens of the longest input, special tokens included. */
    int maxLength();
}
