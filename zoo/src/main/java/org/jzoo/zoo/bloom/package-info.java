/** BLOOM. */
package org.jzoo.zoo.bloom;
