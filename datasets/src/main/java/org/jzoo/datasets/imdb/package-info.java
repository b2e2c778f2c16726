/** The IMDB reviews, read from a file that the user has. */
package org.jzoo.datasets.imdb;
