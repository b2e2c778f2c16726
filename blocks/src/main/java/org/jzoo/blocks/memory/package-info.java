/**
 * Inputs longer than a model reads at once: segment by segment, with memory from one to the next.
 */
package org.jzoo.blocks.memory;
