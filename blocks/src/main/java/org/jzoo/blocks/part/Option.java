package org.jzoo.blocks.part;

/**
 * A choice of a part, as an immutable validated record that builds it. In a saved configuration it
 * appears as an object whose {@code "type"} names the record; {@link PartRegistry} holds the names.
 */
public interface Option {}
