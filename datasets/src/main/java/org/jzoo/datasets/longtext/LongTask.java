package org.jzoo.datasets.longtext;

import java.util.Random;

/** Draws facts and a question about them. */
@FunctionalInterface
public interface LongTask {

    /** The facts and the question of one example. */
    Needles draw(Random random);
}
