/**
 * What all parts share: the base of every block, the context that travels with a forward pass,
 * parameter paths, and options that are saved as JSON by name.
 */
package org.jzoo.blocks.part;
