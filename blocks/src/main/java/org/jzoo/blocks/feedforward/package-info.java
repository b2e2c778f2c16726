/** What a layer does to each position by itself: dense and gated feed-forwards. */
package org.jzoo.blocks.feedforward;
