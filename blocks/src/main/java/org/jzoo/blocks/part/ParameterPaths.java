package org.jzoo.blocks.part;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names of parameters that do not depend on the order of children: the names of parts joined by
 * dots, such as {@code encoder.layers.0.mixer.query.weight}. Files, name tables and patterns use
 * them.
 */
public final class ParameterPaths {

    private ParameterPaths() {}

    /**
     * All parameters below a block, in order. A parameter shared by two parts appears under both
     * paths. Children of blocks that are no {@link Part} appear under DJL's own keys.
     */
    public static Map<String, Parameter> of(Block root) {
        Map<String, Parameter> all = new LinkedHashMap<>();
        collect("", root, all);
        return all;
    }

    private static void collect(String prefix, Block block, Map<String, Parameter> all) {
        for (Pair<String, Parameter> own : block.getDirectParameters()) {
            all.put(prefix + own.getKey(), own.getValue());
        }
        if (block instanceof Part part) {
            part.parts().forEach((name, child) -> collect(prefix + name + ".", child, all));
        } else {
            for (Pair<String, Block> child : block.getChildren()) {
                collect(prefix + child.getKey() + ".", child.getValue(), all);
            }
        }
    }
}
