package org.jzoo.training.compression.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.quantization.PackedEmbedding;
import org.jzoo.blocks.quantization.WeightGrid;

class EmbeddingPackingTest {

    /** A table of 120 words, one of 3 types and, if wished, a second user of the words. */
    private static final class Tables extends Part {

        Tables(boolean shared) {
            TokenEmbedding words = child("words", new TokenEmbedding(120, 16, -1));
            child("types", new TokenEmbedding(3, 16, -1));
            if (shared) {
                child("again", words);
            }
        }

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            return inputs;
        }
    }

    @Test
    void largeTablesArePackedAndFreed() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Tables model = new Tables(false);
            model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
            NDArray words = ((TokenEmbedding) model.part("words")).weight().getArray();
            assertEquals(List.of("words"), EmbeddingPacking.perRow(8).apply(model));
            assertInstanceOf(PackedEmbedding.class, model.part("words"));
            assertInstanceOf(TokenEmbedding.class, model.part("types"));
            assertTrue(words.isReleased());
            PackedEmbedding packed = (PackedEmbedding) model.part("words");
            assertFalse(packed.tables().get(0).getArray().isReleased());
        }
    }

    @Test
    void sharedTablesAreRefused() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Tables model = new Tables(true);
            model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
            assertEquals(
                    "tables must not be shared with a head that predicts tokens, got words",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> EmbeddingPacking.perRow(8).apply(model))
                            .getMessage());
            WeightGrid grid = WeightGrid.perChannel(4);
            assertEquals(
                    "leastRows must be >= 1, got leastRows=0",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> new EmbeddingPacking(grid, 0))
                            .getMessage());
        }
    }
}
