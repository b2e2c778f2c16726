/** The model card: what a model is, what it learned from, how good it is, and where it ends. */
package org.jzoo.zoo.card;
