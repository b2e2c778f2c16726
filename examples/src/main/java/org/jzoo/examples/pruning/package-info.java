/** What a tuned text encoder is worth after each way of pruning, by the share of weights left. */
package org.jzoo.examples.pruning;
