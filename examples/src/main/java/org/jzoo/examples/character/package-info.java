/** Small language models of characters, for recipes that compare parts. */
package org.jzoo.examples.character;
