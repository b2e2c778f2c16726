/** What memory between segments is good for: copying across them. */
package org.jzoo.examples.memory;
