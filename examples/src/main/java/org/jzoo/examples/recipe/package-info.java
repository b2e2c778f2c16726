/** The runs behind published figures: data, configuration and seeds in, results file out. */
package org.jzoo.examples.recipe;
