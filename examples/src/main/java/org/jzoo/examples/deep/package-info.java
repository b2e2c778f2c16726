/** Which deep stacks train: where norms stand, how weights start, whether rates warm up. */
package org.jzoo.examples.deep;
