/** Lets a small model learn from what a large one says. */
package org.jzoo.training.compression.distillation;
