package org.jzoo.training.loop;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jzoo.blocks.part.ParameterPaths;

/** A model's parameters by path, what is shared under its first path only. */
final class Trainables {

    private Trainables() {}

    /** The device of a model whose parameters lie on one. */
    static Device deviceOf(Block model) {
        return all(model).values().iterator().next().getDevice();
    }

    /** All parameters. */
    static Map<String, NDArray> all(Block model) {
        return select(model, parameter -> true);
    }

    /** Those that learn; and lets PyTorch know which do. */
    static Map<String, NDArray> of(Block model) {
        for (Parameter parameter : ParameterPaths.of(model).values()) {
            parameter.getArray().setRequiresGradient(parameter.requiresGradient());
        }
        return select(model, Parameter::requiresGradient);
    }

    private static Map<String, NDArray> select(Block model, Predicate<Parameter> chosen) {
        Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        ParameterPaths.of(model)
                .forEach(
                        (path, parameter) -> {
                            if (seen.add(parameter) && chosen.test(parameter)) {
                                arrays.put(path, parameter.getArray());
                            }
                        });
        return arrays;
    }
}
