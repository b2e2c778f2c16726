/**
 * Text data as streams of examples: readers for CSV, TSV, JSON Lines and folders, and label names.
 *
 * <p>A {@link org.jzoo.datasets.text.TextSource} opens its file anew for every pass and holds one
 * example at a time, so a file may be larger than memory. Rows are counted from 1 and a header is
 * not a row. Every fault in the data is a {@link org.jzoo.datasets.text.DataException} that names
 * the file and the row.
 */
package org.jzoo.datasets.text;
