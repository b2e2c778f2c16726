package org.jzoo.zoo.registry;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.PackedEmbedding;
import org.jzoo.blocks.quantization.PackedLinear;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.blocks.quantization.UniformCode;
import org.jzoo.blocks.quantization.WeightCode;

/**
 * Which linear maps and tables of vectors of a model hold packed weights, and how.
 *
 * @param version of the bytes' layout, {@value #VERSION}: codes lie in rows, lowest bits first
 * @param maps the code of each packed map or table by its path, at least one
 */
public record PackedWeights(int version, Map<String, WeightCode> maps) {

    /** The layout that this version writes and reads. */
    public static final int VERSION = 1;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the version is unknown or there is no map
     */
    public PackedWeights {
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "version must be %d, got version=%d; a newer jzoo wrote it"
                            .formatted(VERSION, version));
        }
        if (maps == null || maps.isEmpty()) {
            throw new IllegalArgumentException("maps must hold at least one, got maps=" + maps);
        }
        maps = new LinkedHashMap<>(maps);
    }

    /** The packed maps of a model; null if it has none. */
    public static PackedWeights of(Part model) {
        Map<String, WeightCode> maps = PackedMaps.codes(model);
        return maps.isEmpty() ? null : new PackedWeights(VERSION, maps);
    }

    /**
     * Puts packed maps and tables without weights in the place of plain ones.
     *
     * @throws IllegalArgumentException if a path is not that of a linear map, or a code does not
     *     fit
     */
    void apply(Block model) {
        TreeSet<String> left = new TreeSet<>(maps.keySet());
        if (model instanceof Part part) {
            part.replaceParts(
                    (path, block) -> {
                        if (block instanceof Linear map && left.remove(path)) {
                            return new PackedLinear(
                                    map.in(), map.out(), map.bias() != null, maps.get(path));
                        }
                        if (block instanceof TokenEmbedding table
                                && maps.get(path) instanceof UniformCode code
                                && left.remove(path)) {
                            Shape shape = table.weight().getShape();
                            return new PackedEmbedding(
                                    (int) shape.get(0), (int) shape.get(1), code.grid());
                        }
                        return block;
                    });
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    "maps must be linear maps of the model, got " + left);
        }
    }
}
