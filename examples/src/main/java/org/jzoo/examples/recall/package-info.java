/** What long texts are remembered of: facts hidden in speeches, asked for at the end. */
package org.jzoo.examples.recall;
