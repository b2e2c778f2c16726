package org.jzoo.examples.recipe;

import java.util.function.Function;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.zoo.j3.J3Size;

/** How many numbers a model has, so that models of equal size are compared. */
public final class Weights {

    private Weights() {}

    /** The elements of all parameters, initialized or not. */
    public static long count(Part model) {
        return ParameterPaths.of(model).values().stream()
                .mapToLong(parameter -> parameter.getShape().size())
                .sum();
    }

    /**
     * The size whose feed-forwards, gated ones, are so wide or narrow that a model has as many
     * weights as wanted, or nearly.
     *
     * @param size where to start
     * @param wanted the number of weights
     * @param model what is made of a size; its parts need no weights
     */
    public static J3Size fitted(J3Size size, long wanted, Function<J3Size, Part> model) {
        long lacks = wanted - count(model.apply(size));
        long each = 3L * size.dim() * size.numLayers(); // three maps in every layer
        long wider = Math.round((double) lacks / each);
        return size.withFeedForward(Math.toIntExact(Math.max(1, size.feedForward() + wider)));
    }
}
