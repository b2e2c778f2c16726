/** Two tasks of Long Range Arena: nested list operations, and sentiment read byte by byte. */
package org.jzoo.examples.arena;
