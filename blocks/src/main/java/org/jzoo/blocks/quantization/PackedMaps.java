package org.jzoo.blocks.quantization;

import ai.djl.nn.Block;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.part.Part;

/** The packed maps of a model. */
public final class PackedMaps {

    private PackedMaps() {}

    /** The packed maps by path, in order. */
    public static Map<String, PackedLinear> of(Part model) {
        Map<String, PackedLinear> maps = new LinkedHashMap<>();
        collect("", model, maps);
        return maps;
    }

    private static void collect(String prefix, Part part, Map<String, PackedLinear> found) {
        for (Map.Entry<String, Block> child : part.parts().entrySet()) {
            if (child.getValue() instanceof PackedLinear packed) {
                found.put(prefix + child.getKey(), packed);
            } else if (child.getValue() instanceof Part inner) {
                collect(prefix + child.getKey() + ".", inner, found);
            }
        }
    }
}
