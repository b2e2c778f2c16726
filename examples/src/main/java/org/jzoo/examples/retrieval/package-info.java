/** Pictures and texts that find each other: J1's two encoders against words and colours counted. */
package org.jzoo.examples.retrieval;
