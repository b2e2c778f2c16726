package org.jzoo.examples.recipe;

import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;

/** How many numbers a model has, so that models of equal size are compared. */
public final class Weights {

    private Weights() {}

    /** The elements of all parameters, initialized or not. */
    public static long count(Part model) {
        return ParameterPaths.of(model).values().stream()
                .mapToLong(parameter -> parameter.getShape().size())
                .sum();
    }
}
