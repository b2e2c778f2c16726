package org.jzoo.datasets.split;

/** A part of a split. */
public enum Part {
    /** What weights are fitted to. */
    TRAIN,
    /** What choices are made by, such as when to stop. */
    VALIDATION,
    /** What nothing is chosen by. */
    TEST
}
