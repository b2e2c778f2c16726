/**
 * Where tokens stand: encodings that add to embeddings, and encodings that turn queries and keys.
 */
package org.jzoo.blocks.position;
