/** What decoding keeps of the positions it has seen, so that each is computed once. */
package org.jzoo.blocks.cache;
