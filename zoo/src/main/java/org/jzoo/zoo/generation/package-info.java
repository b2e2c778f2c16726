/** Continuing texts: which token comes next, until when, with what cache. */
package org.jzoo.zoo.generation;
