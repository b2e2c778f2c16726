/** What joins a text and an image: fusion layers, the gate between the two, and missing ones. */
package org.jzoo.blocks.fusion;
