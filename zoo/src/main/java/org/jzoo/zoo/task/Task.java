package org.jzoo.zoo.task;

import org.jzoo.blocks.part.Option;

/**
 * What a model is for. A saved configuration names it with its labels and pooling.
 *
 * @see TextTask
 * @see ImageTask
 */
public interface Task extends Option {}
