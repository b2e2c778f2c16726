/** Models with weights of few bits: how they are made, and what they lose. */
package org.jzoo.examples.quantize;
