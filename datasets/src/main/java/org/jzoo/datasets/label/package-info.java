/** Texts with labelled stretches, such as names, and the files that hold them. */
package org.jzoo.datasets.label;
