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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Golden;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.kernel.QuantizationKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;

class QuantizedLinearTest extends PartContract {

    private NDManager manager;

    @Override
    protected Part create() {
        return new QuantizedLinear(
                new Linear(6, 7, true), WeightGrid.perGroup(4, 3), ScaleRule.LEARNED);
    }

    @Override
    protected NDArray input(NDManager owner) {
        return Run.random(owner, 1, 2, 3, 6);
    }

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void agreesWithPyTorchInValuesAndGradients() {
        Map<String, NDArray> in = Golden.read(manager, "torch-fakequant4", "inputs");
        Map<String, NDArray> out = Golden.read(manager, "torch-fakequant4", "outputs");
        NDArray w = in.get("w");
        NDArray x = in.get("x");
        w.setRequiresGradient(true);
        x.setRequiresGradient(true);
        try (GradientMode on = GradientMode.on()) {
            NDArray zero = manager.full(new Shape(12), 8f);
            NDArray rounded = QuantizationKernel.fake(w, in.get("scale"), zero, 16, 15);
            assertSame(out.get("fake_quantized_w"), rounded);
            NDArray y = LinearKernel.linear(x, rounded, null, Precision.FLOAT32);
            assertClose(out.get("y"), y, 1e-5);
            GradientMode.backward(y, out.get("cotangent"));
        }
        assertClose(out.get("grad_w"), w.getGradient(), 1e-5);
        assertClose(out.get("grad_x"), x.getGradient(), 1e-5);
    }

    @Test
    void computesTheGoldensRangesItself() {
        Map<String, NDArray> in = Golden.read(manager, "torch-fakequant4", "inputs");
        NDArray[] ranges = QuantizationKernel.ranges(in.get("w"), 16, 15, true);
        assertSame(in.get("scale"), ranges[0]);
        assertClose(new double[] {8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8}, ranges[1], 0);
    }

    @Test
    void roundsByHandForEachGranularity() {
        float[] w = {0.4f, -3, 1, 1.4f, 7, 0, 2, 6};
        // Two bits: codes 0 … 3, symmetric -2 … 1 times the largest magnitude.
        assertRounded(WeightGrid.perTensor(2), w, 0, 0, 0, 0, 7, 0, 0, 7);
        assertRounded(WeightGrid.perChannel(2), w, 0, -3, 0, 0, 7, 0, 0, 7);
        assertRounded(WeightGrid.perGroup(2, 2), w, 0, -3, 1.4, 1.4, 7, 0, 0, 6);
        // -3 … 1.4 in steps of 4.4/3 with the zero at code 2: -2.93, -1.47, 0, 1.47.
        assertRounded(
                WeightGrid.perChannel(2).asymmetric(),
                w,
                0,
                -8.8 / 3,
                4.4 / 3,
                4.4 / 3,
                7,
                0,
                7 / 3.0,
                7);
    }

    private void assertRounded(WeightGrid grid, float[] weights, double... expected) {
        NDArray w = manager.create(weights, new Shape(2, 4));
        long size = grid.size(2, 4);
        NDArray[] ranges = QuantizationKernel.ranges(w, size, grid.high(), grid.symmetric());
        NDArray rounded = QuantizationKernel.fake(w, ranges[0], ranges[1], size, grid.high());
        assertClose(expected, rounded, 1e-6);
        NDArray codes = QuantizationKernel.encode(w, ranges[0], ranges[1], size, grid.high());
        assertEquals(DataType.UINT8, codes.getDataType());
        assertClose(expected, QuantizationKernel.decode(codes, ranges[0], ranges[1], size), 1e-6);
    }

    @Test
    void eightBitsStayWithinHalfAStep() {
        NDArray w = Run.random(manager, 4, 7, 6);
        for (WeightGrid grid :
                new WeightGrid[] {WeightGrid.perChannel(8), WeightGrid.perTensor(5).asymmetric()}) {
            NDArray[] ranges =
                    QuantizationKernel.ranges(w, grid.size(7, 6), grid.high(), grid.symmetric());
            NDArray rounded =
                    QuantizationKernel.fake(w, ranges[0], ranges[1], grid.size(7, 6), grid.high());
            assertClose(w, rounded, ranges[0].max().getFloat() * 0.5001);
        }
    }

    @Test
    void aLearnedScaleHasTheGradientWorkedByHand() {
        // Three bits, -4 … 3, scale 0.5: w/s is 1.2, -0.6, 9 and -9.
        NDArray w = manager.create(new float[] {0.6f, -0.3f, 4.5f, -4.5f}, new Shape(1, 4));
        NDArray scale = manager.create(new float[] {0.5f});
        w.setRequiresGradient(true);
        scale.setRequiresGradient(true);
        try (GradientMode on = GradientMode.on()) {
            NDArray y = QuantizationKernel.learned(w, scale, 4, 7, 0.25);
            assertClose(new double[] {0.5, -0.5, 1.5, -2}, y, 0);
            GradientMode.backward(y, manager.create(new float[] {1, 10, 100, 1000}, y.getShape()));
        }
        assertClose(new double[] {1, 10, 0, 0}, w.getGradient(), 0);
        // (1 - 1.2) + 10 (-1 + 0.6) + 100 · 3 + 1000 · (-4), a quarter of it.
        assertClose(new double[] {(-0.2 - 4 + 300 - 4000) / 4}, scale.getGradient(), 1e-3);
    }

    @Test
    void learnedScalesStartAsInThePaper() {
        Linear base = Run.initialized(new Linear(4, 1, false), manager, 1);
        Run.set(base.weight().getArray(), 1, -2, 3, -4);
        QuantizedLinear part =
                new QuantizedLinear(base, WeightGrid.perGroup(4, 2), ScaleRule.LEARNED);
        part.initializeScale(manager);
        assertClose(
                new double[] {3 / Math.sqrt(7), 7 / Math.sqrt(7)}, part.scale().getArray(), 1e-6);
    }

    @Test
    void computesWithTheRoundedWeight() {
        for (ScaleRule rule : ScaleRule.values()) {
            QuantizedLinear part =
                    Run.initialized(
                            new QuantizedLinear(
                                    new Linear(6, 7, true), WeightGrid.perGroup(3, 2), rule),
                            manager,
                            3);
            if (rule == ScaleRule.LEARNED) {
                double[] scales = new double[21];
                java.util.Arrays.setAll(scales, g -> 0.1 + 0.01 * g);
                Run.set(part.scale().getArray(), scales);
            }
            NDArray x = input(manager);
            NDArray y = Run.infer(part, x, new ForwardContext());
            NDArray before = part.base().weight().getArray().duplicate();
            NDArray merged = Run.infer(part.merge(), x, new ForwardContext());
            assertClose(y, merged, 1e-6);
            assertThrows(
                    AssertionError.class,
                    () -> assertClose(before, part.base().weight().getArray(), 1e-3));
        }
    }

    @Test
    void aScaleBelowZeroStillLearnsAndMergesAsItComputes() {
        QuantizedLinear part =
                Run.initialized(
                        new QuantizedLinear(
                                new Linear(6, 2, false),
                                WeightGrid.perChannel(4),
                                ScaleRule.LEARNED),
                        manager,
                        1);
        Run.set(part.scale().getArray(), 0.2, -0.3);
        NDArray x = input(manager);
        try (GradientMode on = GradientMode.on()) {
            GradientMode.backward(Run.forward(part, x, true, new ForwardContext()));
        }
        assertTrue(part.scale().getArray().getGradient().toFloatArray()[1] != 0);
        NDArray y = Run.infer(part, x, new ForwardContext());
        assertClose(y, Run.infer(part.pack(), x, new ForwardContext()), 1e-6);
        assertClose(y, Run.infer(part.merge(), x, new ForwardContext()), 1e-6);
    }

    @Test
    void rejectsWhatDoesNotFit() {
        assertEquals("bits must be in [2, 8], got bits=9", message(() -> WeightGrid.perTensor(9)));
        assertEquals("bits must be in [2, 8], got bits=1", message(() -> WeightGrid.perTensor(1)));
        assertEquals(
                "groupSize must be >= 1 with GROUP and 0 else, got groupSize=0, granularity=GROUP",
                message(() -> WeightGrid.perGroup(4, 0)));
        assertEquals(
                "groupSize must divide In, got groupSize=4, In=6",
                message(
                        () ->
                                new QuantizedLinear(
                                        new Linear(6, 7, true),
                                        WeightGrid.perGroup(4, 4),
                                        ScaleRule.RANGE)));
        assertEquals(
                "grid must be symmetric when scales learn, got grid="
                        + WeightGrid.perChannel(4).asymmetric(),
                message(
                        () ->
                                new QuantizedLinear(
                                        new Linear(6, 7, true),
                                        WeightGrid.perChannel(4).asymmetric(),
                                        ScaleRule.LEARNED)));
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
