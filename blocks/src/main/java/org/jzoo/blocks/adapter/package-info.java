/** Small trainable additions to frozen parts. */
package org.jzoo.blocks.adapter;
