/**
 * The one Transformer: a stack of layers, each a mixer and a feed-forward with norms and residual
 * connections, all chosen by configuration.
 */
package org.jzoo.blocks.transformer;
