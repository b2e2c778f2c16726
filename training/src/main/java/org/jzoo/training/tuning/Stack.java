package org.jzoo.training.tuning;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.transformer.Transformer;

/**
 * The only stack of a model, and what its input passes through.
 *
 * @param transformer the stack
 * @param path its path, with a dot at the end, such as "encoder.transformer."
 * @param embeddings the paths of the parts before it in the part that holds it, such as
 *     "encoder.tokens.", and that part's own parameters
 */
record Stack(Transformer transformer, String path, List<String> embeddings) {

    /**
     * Finds it.
     *
     * @throws IllegalArgumentException if the model has no stack or several
     */
    static Stack of(Part model) {
        List<Stack> stacks = new ArrayList<>();
        collect("", model, stacks);
        if (stacks.size() != 1) {
            throw new IllegalArgumentException(
                    "the model must have one stack to tell lower layers from upper ones, got "
                            + stacks.stream().map(Stack::path).toList());
        }
        return stacks.get(0);
    }

    private static void collect(String prefix, Part part, List<Stack> found) {
        List<String> before = new ArrayList<>();
        part.getDirectParameters().forEach(own -> before.add(prefix + own.getKey()));
        for (Map.Entry<String, Block> child : part.parts().entrySet()) {
            String path = prefix + child.getKey() + ".";
            if (child.getValue() instanceof Transformer transformer) {
                found.add(new Stack(transformer, path, List.copyOf(before)));
            } else if (child.getValue() instanceof Part inner) {
                collect(path, inner, found);
            }
            before.add(path);
        }
    }

    int numLayers() {
        return transformer.config().numLayers();
    }

    /** Whether a part or parameter lies before layer {@code end}. */
    boolean isBelow(int end, String partOrParameter) {
        if (embeddings.stream().anyMatch(partOrParameter::startsWith)) {
            return true;
        }
        for (int l = 0; l < end; l++) {
            if (partOrParameter.startsWith(path + "layers." + l + ".")) {
                return true;
            }
        }
        return false;
    }

    /** The model's parameters before layer {@code end}, by path. */
    Map<String, Parameter> parametersBelow(int end, Part model) {
        Map<String, Parameter> below = new LinkedHashMap<>();
        ParameterPaths.of(model)
                .forEach(
                        (name, parameter) -> {
                            if (isBelow(end, name)) {
                                below.put(name, parameter);
                            }
                        });
        return below;
    }
}
