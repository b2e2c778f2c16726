/** Lets a small model learn from what a large one says, and from how it gets there. */
package org.jzoo.training.compression.distillation;
