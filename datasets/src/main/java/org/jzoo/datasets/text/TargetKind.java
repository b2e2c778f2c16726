package org.jzoo.datasets.text;

/** What an example's label is. */
public enum TargetKind {
    /** There is none: text to predict on. */
    NONE,
    /** The name of a class. */
    CLASS,
    /** A finite number to regress on. */
    NUMBER
}
