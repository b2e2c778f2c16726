package org.jzoo.blocks.quantization;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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

    /**
     * How many numbers a model computes with: packed ones count one by one, their scales do not,
     * and what two parts share counts once.
     */
    public static long numWeights(Block model) {
        return numWeights(model, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static long numWeights(Block block, Set<Parameter> seen) {
        if (block instanceof PackedLinear map) {
            return (long) map.out() * (map.in() + (map.bias() == null ? 0 : 1));
        }
        if (block instanceof PackedEmbedding table) {
            return (long) table.size() * table.dim();
        }
        long sum = 0;
        for (Parameter parameter : block.getDirectParameters().values()) {
            sum += seen.add(parameter) ? parameter.getShape().size() : 0;
        }
        for (Block child : block.getChildren().values()) {
            sum += numWeights(child, seen);
        }
        return sum;
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
