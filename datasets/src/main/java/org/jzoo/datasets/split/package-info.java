/** Splits into training, validation and test data, and the removal of duplicates before it. */
package org.jzoo.datasets.split;
