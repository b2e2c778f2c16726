/** Comparing models with what published implementations computed, tensor by tensor. */
package org.jzoo.zoo.verify;
