/**
 * Do experts specialise? A task of several hidden maps, learnt by mixtures of experts and by dense
 * layers of equal active and equal total size.
 */
package org.jzoo.examples.mixture;
