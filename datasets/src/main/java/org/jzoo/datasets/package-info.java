/** What all data sets share: where they came from. */
package org.jzoo.datasets;
