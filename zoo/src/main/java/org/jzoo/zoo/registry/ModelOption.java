package org.jzoo.zoo.registry;

import ai.djl.nn.Block;
import org.jzoo.blocks.part.Option;
import org.jzoo.zoo.task.Task;

/**
 * The numbers of a model without its head. What a model reads shows in what else its record is: a
 * {@link TextModelOption}, an {@link ImageModelOption}, or both.
 */
public interface ModelOption extends Option {

    /**
     * Builds the model for a task, without weights.
     *
     * @throws IllegalArgumentException if the task is not one for such a model
     */
    Block create(Task task);
}
