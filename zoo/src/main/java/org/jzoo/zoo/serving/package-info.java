/**
 * Models as DJL and DJL Serving run them: the block of a DJL model, predictors that many threads
 * share, and how a saved folder is recognised.
 */
package org.jzoo.zoo.serving;
