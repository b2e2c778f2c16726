/**
 * Named tensors: where they are read from, and how they are saved. Everything that holds tensors is
 * a {@link org.jzoo.zoo.weights.TensorSource}.
 */
package org.jzoo.zoo.weights;
