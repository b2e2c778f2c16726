/** Llama, and what decoders built like it share. */
package org.jzoo.zoo.llama;
