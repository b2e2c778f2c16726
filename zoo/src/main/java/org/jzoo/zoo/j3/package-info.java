/**
 * J3, this zoo's own model of long texts: layers of local windows and global tokens, memory handed
 * from chunk to chunk, and blocks of earlier chunks found again by content. Time is linear in the
 * length, memory does not grow with it.
 */
package org.jzoo.zoo.j3;
