/**
 * Mixtures of experts as a feed-forward: a router sends each token to a few of many feed-forwards.
 *
 * <p>{@link org.jzoo.blocks.feedforward.experts.ExpertsOption} chooses the experts and a {@link
 * org.jzoo.blocks.feedforward.experts.RouterOption router}, and stands wherever a feed-forward
 * stands: in every layer (Mixtral, Switch) or in some (GLaM).
 */
package org.jzoo.blocks.feedforward.experts;
