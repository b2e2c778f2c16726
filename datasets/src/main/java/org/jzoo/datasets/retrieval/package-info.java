/** Finding passages by their words. */
package org.jzoo.datasets.retrieval;
