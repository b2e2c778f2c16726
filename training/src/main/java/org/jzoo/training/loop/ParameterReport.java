package org.jzoo.training.loop;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.quantization.PackedMaps;

/**
 * How many numbers a model has and how many of them learn; what two parts share counts once, and
 * packed numbers count one by one.
 *
 * @param trainable numbers that learn
 * @param all all numbers
 */
public record ParameterReport(long trainable, long all) {

    /** Counts a model's parameters, which must have shapes. */
    public static ParameterReport of(Block model) {
        long trainable = 0;
        for (Parameter parameter :
                ParameterPaths.of(model).values().stream().collect(Collectors.toSet())) {
            trainable += parameter.requiresGradient() ? parameter.getShape().size() : 0;
        }
        return new ParameterReport(trainable, PackedMaps.numWeights(model));
    }

    /** One line in the form that users of peft know. */
    public String line() {
        return String.format(
                Locale.ROOT,
                "trainable params: %,d || all params: %,d || trainable%%: %.4f",
                trainable,
                all,
                100.0 * trainable / all);
    }
}
