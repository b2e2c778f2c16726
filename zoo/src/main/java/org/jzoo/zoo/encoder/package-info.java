/**
 * Encoders of texts and images: embeddings below, the Transformer above, and a head for the task.
 */
package org.jzoo.zoo.encoder;
