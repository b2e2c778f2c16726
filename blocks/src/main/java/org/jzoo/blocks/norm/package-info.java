/** Normalisations of the last axis. */
package org.jzoo.blocks.norm;
