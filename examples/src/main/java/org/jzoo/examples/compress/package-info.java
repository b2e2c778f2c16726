/**
 * Makes tuned text models smaller and faster: fewer words, layers, heads and channels, distilled.
 */
package org.jzoo.examples.compress;
