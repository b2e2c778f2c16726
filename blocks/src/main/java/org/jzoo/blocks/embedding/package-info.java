/** From tokens and images to vectors. */
package org.jzoo.blocks.embedding;
