/**
 * Makes models smaller by leaving out heads, feed-forward channels and whole layers: what each of
 * them contributes, which to keep, and the smaller model with their weights.
 */
package org.jzoo.training.compression.pruning;
