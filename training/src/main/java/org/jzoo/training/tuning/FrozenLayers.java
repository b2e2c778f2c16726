package org.jzoo.training.tuning;

import ai.djl.nn.Parameter;
import java.util.Objects;
import org.jzoo.blocks.adapter.LoraLinear;
import org.jzoo.blocks.part.Part;

/**
 * Another tuning, of the upper layers only: the embeddings and the lowest layers of the model's
 * stack stay as they are and get no adapters. What they compute of a text can be remembered; see
 * {@link PrefixCache}.
 *
 * @param tuning what learns in the rest
 * @param numLayers frozen layers, at least 1
 */
public record FrozenLayers(Tuning tuning, int numLayers) implements Tuning {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code numLayers} is below 1
     */
    public FrozenLayers {
        Objects.requireNonNull(tuning, "tuning");
        if (numLayers < 1) {
            throw new IllegalArgumentException(
                    "numLayers must be >= 1, got numLayers=" + numLayers);
        }
    }

    /**
     * Applies the other tuning, then freezes.
     *
     * @throws IllegalArgumentException if the model has no stack, several, or one that would be
     *     frozen whole
     */
    @Override
    public void apply(Part model) {
        Stack stack = Stack.of(model);
        if (numLayers >= stack.numLayers()) {
            throw new IllegalArgumentException(
                    "numLayers must be < %d, the layers of the model, got numLayers=%d"
                            .formatted(stack.numLayers(), numLayers));
        }
        tuning.apply(model);
        model.replaceParts(
                (path, block) ->
                        block instanceof LoraLinear adapter && stack.isBelow(numLayers, path)
                                ? adapter.base()
                                : block);
        for (Parameter parameter : stack.parametersBelow(numLayers, model).values()) {
            parameter.freeze(true);
        }
    }
}
