/**
 * Named tensors: where they are read from, how foreign names become ours, and how they reach the
 * parameters of a block without a single one being missed, mixed up or half loaded.
 *
 * <p>Everything that holds tensors is a {@link org.jzoo.zoo.weights.TensorSource}; a {@link
 * org.jzoo.zoo.weights.NameTable} turns one into another, {@link
 * org.jzoo.zoo.weights.SafetensorsWriter} saves one and {@link org.jzoo.zoo.weights.StrictLoader}
 * loads one. {@link org.jzoo.zoo.weights.AtomicFolder} and {@link org.jzoo.zoo.weights.Checksums}
 * keep a model folder whole.
 */
package org.jzoo.zoo.weights;
