/** Text decoders: tokens in, the logits of each next token out. */
package org.jzoo.zoo.decoder;
