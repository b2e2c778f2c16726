/**
 * Weights of few bits: learned while training, or fitted to trained weights by what they do to the
 * inputs of a few texts.
 */
package org.jzoo.training.compression.quantization;
