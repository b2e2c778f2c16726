/** Measurements against other engines, in one process and with the same inputs. */
package org.jzoo.examples.bench;
