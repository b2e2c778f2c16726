package org.jzoo.examples.compress;

/** What tells how much a channel inside a feed-forward matters. */
public enum ChannelScore {
    /** How much the loss depends on it. */
    FIRST_ORDER,
    /** How much it varies over tokens, which needs no labels. */
    VARIANCE
}
