/** From tokens to vectors. */
package org.jzoo.blocks.embedding;
