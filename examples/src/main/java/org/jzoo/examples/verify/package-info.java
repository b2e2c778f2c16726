/** Reference folders of every kind: outputs and gradients, adapters, training curves. */
package org.jzoo.examples.verify;
