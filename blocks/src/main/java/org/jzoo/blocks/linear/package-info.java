/** Linear maps: the parts that adapters wrap and quantisation replaces. */
package org.jzoo.blocks.linear;
