/**
 * Trained encoders in the form that runs fastest: weights in the processor's own layout, all layers
 * in one call, inference only. Shape letters are those of {@link org.jzoo.blocks.kernel}.
 */
package org.jzoo.blocks.packed;
