/** Losses and batches that keep a model that is tuned from learning its training data by heart. */
package org.jzoo.training.regularization;
