package org.jzoo.examples.compress;

import java.util.List;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.ScaleRule;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.training.compression.quantization.EmbeddingPacking;
import org.jzoo.training.compression.quantization.QuantizationAware;
import org.jzoo.training.tuning.Adapters;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.registry.LoadedModel;

/** A model that goes on learning with its matrices rounded, and is then packed. */
public final class RoundedStudent {

    /** Bits of packed tables of vectors. */
    public static final int TABLE_BITS = 8;

    private static final List<String> OF_ENCODER = List.of("encoder.");
    // The last map and the gate are small and touchy.
    private static final List<String> OF_J1 = List.of("text", "image", "fusion.", "head.dense");

    private RoundedStudent() {}

    /**
     * Checks a number of bits.
     *
     * @throws IllegalArgumentException unless it is 4 or 8
     */
    public static int requireBits(int bits) {
        if (bits != 4 && bits != 8) {
            throw new IllegalArgumentException("bits must be 4 or 8, got bits=" + bits);
        }
        return bits;
    }

    /**
     * Lets a model compute with its matrices rounded, by scales that learn.
     *
     * @param bits 4 or 8
     * @throws IllegalArgumentException for other bits
     */
    public static void begin(LoadedModel model, int bits) {
        Part block = (Part) model.block();
        new QuantizationAware(grid(block, requireBits(bits)), ScaleRule.LEARNED, targets(model))
                .apply(block);
    }

    private static List<String> targets(LoadedModel model) {
        List<String> begin = model.config().model() instanceof J1Config ? OF_J1 : OF_ENCODER;
        return Adapters.linearPaths((Part) model.block()).stream()
                .filter(path -> begin.stream().anyMatch(path::startsWith))
                .toList();
    }

    // Small groups at 4 bits, where rows have room for them.
    private static WeightGrid grid(Part block, int bits) {
        for (int group : bits == 4 ? new int[] {32, 16} : new int[0]) {
            boolean[] fits = {true};
            block.replaceParts(
                    (path, each) -> {
                        fits[0] &= !(each instanceof Linear map) || map.in() % group == 0;
                        return each;
                    });
            if (fits[0]) {
                return WeightGrid.perGroup(bits, group);
            }
        }
        return WeightGrid.perChannel(bits);
    }

    /** Packs the rounded matrices with their learned scales, and tables of vectors in 8 bits. */
    public static void pack(LoadedModel model) {
        Part block = (Part) model.block();
        QuantizationAware.pack(block);
        EmbeddingPacking.perRow(TABLE_BITS).apply(block);
    }
}
