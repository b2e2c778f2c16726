/**
 * From text to a model's inputs and from its outputs to answers, as DJL translators: one reading of
 * the outputs for each task, for single texts, pairs and arrays of them.
 */
package org.jzoo.zoo.translator;
