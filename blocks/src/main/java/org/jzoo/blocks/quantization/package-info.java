/**
 * Linear maps with weights of few bits: rounded in the forward pass while they learn, or packed for
 * use.
 */
package org.jzoo.blocks.quantization;
