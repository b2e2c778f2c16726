package org.jzoo.blocks.adapter;

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
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.Part;

class LoraLinearTest extends PartContract {

    private static final LoraConfig CONFIG = new LoraConfig(2, 3, 0, false);

    private NDManager manager;

    @Override
    protected Part create() {
        return new LoraLinear(new Linear(5, 7, true), CONFIG);
    }

    @Override
    protected NDArray input(NDManager owner) {
        return Run.random(owner, 1, 2, 3, 5);
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
    void computesTheUpdateByHand() {
        Linear base = new Linear(2, 1, true);
        LoraLinear lora =
                Run.initialized(new LoraLinear(base, new LoraConfig(1, 4, 0, false)), manager, 1);
        Run.set(base.weight().getArray(), 1, 1);
        Run.set(base.bias().getArray(), 0.5);
        Run.set(lora.loraA().getArray(), 10, 1);
        Run.set(lora.loraB().getArray(), 3);
        NDArray x = manager.create(new float[] {2, 3}, new Shape(1, 2));
        // 2 + 3 + 0.5, and 4/1 · 3 · 23.
        assertClose(new double[] {5.5 + 276}, Run.infer(lora, x, new ForwardContext()), 0);
    }

    @Test
    void freshAdapterLeavesBaseOutputUnchanged() {
        Linear base = Run.initialized(new Linear(5, 7, true), manager, 1);
        NDArray x = input(manager);
        NDArray before = Run.infer(base, x, new ForwardContext());
        LoraLinear lora = new LoraLinear(base, CONFIG);
        lora.initializeAdapter(manager);
        assertSame(before, Run.infer(lora, x, new ForwardContext()));
    }

    @Test
    void freshAStartsUniformWithVarianceOneOverIn() {
        LoraLinear lora =
                new LoraLinear(new Linear(300, 200, false), new LoraConfig(100, 1, 0, false));
        lora.initialize(manager, DataType.FLOAT32, new Shape(1, 300));
        double sum = 0;
        double squares = 0;
        float[] a = lora.loraA().getArray().toFloatArray();
        for (float v : a) {
            sum += v;
            squares += v * v;
            assertTrue(Math.abs(v) <= Math.sqrt(3 / 300.0) + 1e-6, () -> "got " + v);
        }
        assertEquals(0, sum / a.length, 2e-3);
        assertEquals(1 / 300.0, squares / a.length, 1e-4);
        assertClose(new double[200 * 100], lora.loraB().getArray(), 0);
    }

    @Test
    void equalsBaseWithMergedWeight() {
        LoraLinear lora = Run.initialized((LoraLinear) create(), manager, 1);
        NDArray x = input(manager);
        NDArray adapted = Run.infer(lora, x, new ForwardContext());
        NDArray merged = Run.infer(lora.merge(), x, new ForwardContext());
        assertClose(adapted, merged, 1e-5);
    }

    @Test
    void onlyTheAdapterGetsGradients() {
        LoraLinear lora = Run.initialized((LoraLinear) create(), manager, 1);
        try (GradientMode on = GradientMode.on()) {
            GradientMode.backward(Run.forward(lora, input(manager), true, new ForwardContext()));
        }
        Run.gradients(lora)
                .forEach(
                        (path, gradient) ->
                                assertEquals(path.startsWith("lora"), gradient != null, path));
    }

    @Test
    void dropoutTouchesTheUpdateWhileTrainingOnly() {
        Linear base = new Linear(5, 7, true);
        LoraLinear lora =
                Run.initialized(new LoraLinear(base, new LoraConfig(2, 3, 0.5, false)), manager, 1);
        NDArray x = input(manager);
        NDArray plain = Run.infer(lora, x, new ForwardContext());
        assertSame(plain, Run.infer(lora, x, new ForwardContext()));
        PyTorch.seed(2);
        NDArray dropped = Run.forward(lora, x, true, new ForwardContext());
        assertThrows(AssertionError.class, () -> assertClose(plain, dropped, 1e-3));
        Run.set(lora.loraB().getArray(), new double[14]);
        assertSame(
                Run.infer(base, x, new ForwardContext()),
                Run.forward(lora, x, true, new ForwardContext()));
    }

    @Test
    void theScaleIsAlphaOverRankOrItsRoot() {
        assertEquals(2, new LoraConfig(4, 8, 0, false).scale());
        assertEquals(4, new LoraConfig(4, 8, 0, true).scale());
    }

    @Test
    void rejectsRankAboveLayerWidth() {
        assertEquals(
                "rank must be <= min(In, Out), got rank=6, In=7, Out=5",
                message(
                        () ->
                                new LoraLinear(
                                        new Linear(7, 5, true), new LoraConfig(6, 1, 0, false))));
    }

    @Test
    void rejectsNumbersOutOfRange() {
        assertEquals("rank must be >= 1, got rank=0", message(() -> lora(0, 1, 0)));
        assertEquals("alpha must be > 0, got alpha=0.0", message(() -> lora(1, 0, 0)));
        assertEquals("dropout must be in [0, 1), got dropout=1.0", message(() -> lora(1, 1, 1)));
    }

    private static LoraConfig lora(int rank, double alpha, double dropout) {
        return new LoraConfig(rank, alpha, dropout, false);
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
