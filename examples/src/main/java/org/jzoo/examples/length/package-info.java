/** Train short, test long: what positions, windows and forgetting do beyond the trained length. */
package org.jzoo.examples.length;
