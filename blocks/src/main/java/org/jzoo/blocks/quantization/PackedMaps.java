package org.jzoo.blocks.quantization;

import ai.djl.nn.Block;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.part.Part;

/** The packed maps and tables of a model. */
public final class PackedMaps {

    private PackedMaps() {}

    /** The packed maps by path, in order. */
    public static Map<String, PackedLinear> of(Part model) {
        Map<String, PackedLinear> maps = new LinkedHashMap<>();
        collect("", model, PackedLinear.class, maps);
        return maps;
    }

    /** The packed tables of vectors by path, in order. */
    public static Map<String, PackedEmbedding> embeddings(Part model) {
        Map<String, PackedEmbedding> tables = new LinkedHashMap<>();
        collect("", model, PackedEmbedding.class, tables);
        return tables;
    }

    /** How each map and table is coded, by path. */
    public static Map<String, WeightCode> codes(Part model) {
        Map<String, WeightCode> codes = new LinkedHashMap<>();
        embeddings(model).forEach((path, table) -> codes.put(path, table.code()));
        of(model).forEach((path, map) -> codes.put(path, map.code()));
        return codes;
    }

    private static <B extends Block> void collect(
            String prefix, Part part, Class<B> type, Map<String, B> found) {
        for (Map.Entry<String, Block> child : part.parts().entrySet()) {
            if (type.isInstance(child.getValue())) {
                found.put(prefix + child.getKey(), type.cast(child.getValue()));
            } else if (child.getValue() instanceof Part inner) {
                collect(prefix + child.getKey() + ".", inner, type, found);
            }
        }
    }
}
