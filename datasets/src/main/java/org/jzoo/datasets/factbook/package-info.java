/** The World Factbook: countries as documents of fields, and questions about them. */
package org.jzoo.datasets.factbook;
