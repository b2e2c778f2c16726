package org.jzoo.training.compression.quantization;

import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.PackedEmbedding;
import org.jzoo.blocks.quantization.WeightGrid;

/**
 * Packs a trained model's tables of vectors: in small models they are a third of the weights.
 *
 * @param grid that vectors are rounded to; its groups lie within rows
 * @param leastRows tables with fewer rows stay as they are, at least 1
 */
public record EmbeddingPacking(WeightGrid grid, int leastRows) {

    /** Validates. */
    public EmbeddingPacking {
        if (leastRows < 1) {
            throw new IllegalArgumentException(
                    "leastRows must be >= 1, got leastRows=" + leastRows);
        }
    }

    /** A grid for each row, for tables of 100 rows and more. */
    public static EmbeddingPacking perRow(int bits) {
        return new EmbeddingPacking(WeightGrid.perChannel(bits), 100);
    }

    /**
     * Replaces the tables by packed ones and frees them.
     *
     * @param model with weights, of which no other part shares a table
     * @return the paths of packed tables
     * @throws IllegalArgumentException if a head predicts tokens with a table, or the grid does not
     *     fit; the model may then be packed in part
     */
    public List<String> apply(Part model) {
        Map<String, Parameter> all = ParameterPaths.of(model);
        List<String> paths = new ArrayList<>();
        List<Parameter> replaced = new ArrayList<>();
        model.replaceParts(
                (path, block) -> {
                    if (!(block instanceof TokenEmbedding table)
                            || table.weight().getShape().get(0) < leastRows) {
                        return block;
                    }
                    refuseShared(path, table.weight(), all.values());
                    paths.add(path);
                    replaced.add(table.weight());
                    return PackedEmbedding.of(table, grid);
                });
        replaced.forEach(Parameter::close);
        return paths;
    }

    private static void refuseShared(
            String path, Parameter weight, Collection<Parameter> parameters) {
        if (parameters.stream().filter(p -> p == weight).count() > 1) {
            throw new IllegalArgumentException(
                    "tables must not be shared with a head that predicts tokens, got " + path);
        }
    }
}
