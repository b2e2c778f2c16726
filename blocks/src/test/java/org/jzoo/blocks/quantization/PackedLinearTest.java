package org.jzoo.blocks.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PackedKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;

class PackedLinearTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray bytes(byte[] values, long rows, long columns) {
        return manager.create(
                ByteBuffer.wrap(values.clone()), new Shape(rows, columns), DataType.UINT8);
    }

    @Test
    void codesSurviveThePacking() {
        Random random = new Random(7);
        for (int bits = 2; bits <= 8; bits++) {
            byte[] codes = new byte[5 * 13];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) random.nextInt(1 << bits);
            }
            byte[] packed = BitPacking.pack(codes, 13, bits);
            assertEquals(5 * BitPacking.rowBytes(13, bits), packed.length);
            assertArrayEquals(codes, BitPacking.unpack(packed, 13, bits), "bits " + bits);
            NDArray array = bytes(packed, 5, BitPacking.rowBytes(13, bits));
            NDArray unpacked = PackedKernel.unpack(array, 13, bits);
            assertEquals(DataType.UINT8, unpacked.getDataType());
            assertArrayEquals(codes, unpacked.toByteArray(), "bits " + bits);
        }
    }

    @Test
    void packsLowestBitsFirst() {
        // 3 bits each: 1, 2, 3 is 011 010 001 = 0xd1 with one bit over.
        assertArrayEquals(new byte[] {(byte) 0xd1, 0}, BitPacking.pack(new byte[] {1, 2, 3}, 3, 3));
        assertEquals(
                "codes must be < 4, got code=5",
                message(() -> BitPacking.pack(new byte[] {5}, 1, 2)));
    }

    @Test
    void multipliesGridsByHand() {
        Linear base = Run.initialized(new Linear(2, 2, true), manager, 1);
        Run.set(base.bias().getArray(), 0.5, -1);
        UniformCode code = new UniformCode(WeightGrid.perChannel(4).asymmetric(), true);
        PackedLinear map =
                PackedLinear.of(
                        base,
                        code,
                        bytes(BitPacking.pack(new byte[] {1, 15, 7, 0}, 2, 4), 2, 1),
                        manager.create(new float[] {2, 0.5f}),
                        bytes(new byte[] {3, 8}, 1, 2).reshape(2),
                        manager.create(new float[] {1, 10}));
        // (1-3)·2, (15-3)·2·10 and (7-8)/2, (0-8)/2·10.
        assertClose(new double[] {-4, 240, -0.5, -40}, map.weight(), 0);
        NDArray x = manager.create(new float[] {1, 0.5f}, new Shape(1, 2));
        assertClose(new double[] {116.5, -21.5}, Run.infer(map, x, new ForwardContext()), 0);
        assertEquals(2 + 8 + 2 + 8 + 8, map.bytes());
    }

    @Test
    void looksUpCodebooksAndKeepsOutliersExactly() {
        Linear base = Run.initialized(new Linear(3, 2, false), manager, 1);
        PackedLinear map =
                PackedLinear.of(
                        base,
                        new CodebookCode(2, 1),
                        bytes(BitPacking.pack(new byte[] {0, 1, 2, 3, 3, 0}, 3, 2), 2, 1),
                        manager.create(new float[] {1, 2, 3, 4, -1, -2, -3, -4}, new Shape(2, 4)),
                        manager.create(new int[] {4}),
                        manager.create(new float[] {0.1234567f}));
        assertClose(new double[] {1, 2, 3, -4, 0.1234567f, -1}, map.weight(), 0);
    }

    @Test
    void looksUpRunsOfNeighbours() {
        Linear base = Run.initialized(new Linear(4, 2, false), manager, 1);
        PackedLinear map =
                PackedLinear.of(
                        base,
                        new ProductCode(2, 2),
                        bytes(BitPacking.pack(new byte[] {1, 0, 3, 1}, 2, 2), 2, 1),
                        manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(4, 2)));
        assertClose(new double[] {3, 4, 1, 2, 7, 8, 3, 4}, map.weight(), 0);
    }

    @Test
    void equalsALinearMapWithItsWeightAndSendsGradientsToItsInput() {
        Linear base = Run.initialized(new Linear(6, 7, true), manager, 1);
        QuantizedLinear learner =
                new QuantizedLinear(base, WeightGrid.perGroup(3, 3).asymmetric(), ScaleRule.RANGE);
        PackedLinear packed = learner.pack();
        NDArray x = Run.random(manager, 2, 2, 5, 6);
        assertClose(
                Run.infer(learner, x, new ForwardContext()),
                Run.infer(packed, x, new ForwardContext()),
                1e-6);
        NDArray cotangent = Run.random(manager, 3, 2, 5, 7);
        Linear plain = learner.merge();
        assertClose(plain.weight().getArray(), packed.weight(), 1e-6);
        assertClose(gradient(plain, x, cotangent), gradient(packed, x, cotangent), 1e-5);
        Run.gradients(packed).forEach((path, g) -> assertEquals(null, g, path));
    }

    private NDArray gradient(ai.djl.nn.Block map, NDArray x, NDArray cotangent) {
        NDArray leaf = x.duplicate();
        leaf.setRequiresGradient(true);
        try (GradientMode on = GradientMode.on()) {
            GradientMode.backward(Run.forward(map, leaf, true, new ForwardContext()), cotangent);
        }
        return leaf.getGradient();
    }

    @Test
    void learnedScalesArePackedAsTheyAre() {
        QuantizedLinear learner =
                Run.initialized(
                        new QuantizedLinear(
                                new Linear(6, 7, false),
                                WeightGrid.perChannel(4),
                                ScaleRule.LEARNED),
                        manager,
                        1);
        Run.set(learner.scale().getArray(), 0.1, 0.2, 0.15, 0.12, 0.3, 0.05, 0.07);
        PackedLinear packed = learner.pack();
        assertSame(learner.scale().getArray(), packed.tables().get(1).getArray());
        assertClose(learner.merge().weight().getArray(), packed.weight(), 1e-6);
    }

    @Test
    void refusesTablesOfAnotherShape() {
        Linear base = Run.initialized(new Linear(6, 7, false), manager, 1);
        assertEquals(
                "codes must be uint8 of shape (7, 3), got uint8 of shape (7, 2)",
                message(
                        () ->
                                PackedLinear.of(
                                        base,
                                        new UniformCode(WeightGrid.perChannel(4), false),
                                        bytes(new byte[14], 7, 2),
                                        manager.ones(new Shape(7)))));
        assertEquals(
                "length must divide In, got length=4, In=6",
                message(() -> new PackedLinear(6, 7, false, new ProductCode(4, 8))));
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
