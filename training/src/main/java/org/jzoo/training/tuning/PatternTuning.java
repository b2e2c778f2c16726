package org.jzoo.training.tuning;

import ai.djl.nn.Parameter;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;

/**
 * Only the parameters learn whose paths match a pattern.
 *
 * @param trainable patterns of parameter paths such as "encoder.transformer.layers.5.*", where
 *     {@code *} stands for any characters, dots included; at least one
 */
public record PatternTuning(List<String> trainable) implements Tuning {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there is no pattern
     */
    public PatternTuning {
        trainable = List.copyOf(trainable);
        if (trainable.isEmpty()) {
            throw new IllegalArgumentException(
                    "trainable must have a pattern, got trainable=" + trainable);
        }
    }

    @Override
    public void apply(Part model) {
        Map<String, Parameter> parameters = ParameterPaths.of(model);
        PathPatterns.requireMatches("trainable", trainable, parameters.keySet(), "parameters");
        freezeOthers(model, trainable);
    }

    /** Freezes what no pattern matches; shared parameters learn if one of their paths matches. */
    static void freezeOthers(Part model, List<String> trainable) {
        Map<String, Parameter> parameters = ParameterPaths.of(model);
        List<Parameter> learners =
                parameters.entrySet().stream()
                        .filter(e -> PathPatterns.anyMatches(trainable, e.getKey()))
                        .map(Map.Entry::getValue)
                        .toList();
        parameters.values().stream()
                .filter(p -> !learners.contains(p))
                .forEach(p -> p.freeze(true));
    }
}
