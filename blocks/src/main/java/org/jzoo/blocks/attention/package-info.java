/** The mixers that compare positions. */
package org.jzoo.blocks.attention;
