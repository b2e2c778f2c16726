package org.jzoo.blocks.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.kernel.PackedKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;

class PackedEmbeddingTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray ids() {
        return manager.create(new long[] {0, 12, 5, 5, 3, 1}, new Shape(2, 3));
    }

    @Test
    void looksRowsUpByHand() {
        NDArray codes =
                GridFit.codes(
                        manager,
                        new byte[] {0, 8, 15, 1, 2, 3, 4, 5, 7, 7, 7, 7, 0, 0, 0, 9},
                        2,
                        4);
        NDArray scale = manager.create(new float[] {1, 10, 0.5f, 2});
        NDArray rows =
                PackedKernel.rows(
                        manager.create(new long[] {1, 0}, new Shape(1, 2)),
                        codes,
                        scale,
                        null,
                        8,
                        4);
        assertEquals(new Shape(1, 2, 8), rows.getShape());
        assertClose(
                new double[] {
                    -0.5, -0.5, -0.5, -0.5, -16, -16, -16, 2, -8, 0, 7, -7, -60, -50, -40, -30
                },
                rows,
                0);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 8})
    void rowsAreThoseOfTheWidenedTable(int bits) {
        for (WeightGrid grid :
                new WeightGrid[] {
                    WeightGrid.perChannel(bits),
                    WeightGrid.perGroup(bits, 6),
                    WeightGrid.perGroup(bits, 3).asymmetric()
                }) {
            TokenEmbedding base = Run.initialized(new TokenEmbedding(13, 12, -1), manager, 1);
            PackedEmbedding packed = PackedEmbedding.of(base, grid);
            NDArray wide = packed.weight(); // (V, D)
            assertSame(wide.get(ids()), Run.infer(packed, ids(), new ForwardContext()));
            NDArray exact = base.weight().getArray();
            float step = exact.abs().max().getFloat() / (1 << (bits - 1)) * 2;
            assertTrue(exact.sub(wide).abs().max().getFloat() <= step, grid::toString);
        }
    }

    @Test
    void eightBitsTakeAQuarterAndAScaleARow() {
        TokenEmbedding base = Run.initialized(new TokenEmbedding(13, 12, 0), manager, 1);
        PackedEmbedding packed = PackedEmbedding.of(base, WeightGrid.perChannel(8));
        assertEquals(new Shape(13, 12), packed.tables().get(0).getArray().getShape());
        assertEquals(DataType.UINT8, packed.tables().get(0).getArray().getDataType());
        assertEquals(new Shape(13), packed.tables().get(1).getArray().getShape());
        Run.gradients(packed).forEach((path, g) -> assertEquals(null, g, path));
    }

    @Test
    void gridsThatDoNotLieWithinRowsAreRefused() {
        assertEquals(
                "size must be >= 1, dim >= 8 and groups within rows, got size=13, dim=12,"
                    + " grid=WeightGrid[bits=4, symmetric=true, granularity=TENSOR, groupSize=0]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new PackedEmbedding(13, 12, WeightGrid.perTensor(4)))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> new PackedEmbedding(13, 12, WeightGrid.perGroup(4, 5)));
    }
}
