/**
 * Long inputs read chunk by chunk, in time linear in their length and in memory that does not grow:
 * attention to neighbours across the borders of chunks, tokens that see and are seen by all, memory
 * tokens handed from chunk to chunk, and blocks of earlier chunks found again by content.
 *
 * <p>A stack reads {@code [memory; globals; chunk]} as an encoder and {@code [memory; globals;
 * chunk; memory]} as a decoder; P tokens stand before the C of the chunk, W behind it.
 */
package org.jzoo.blocks.chunk;
