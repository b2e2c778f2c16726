/** The GLUE tasks, read from a folder that the user has. */
package org.jzoo.datasets.glue;
