package org.jzoo.blocks.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Golden;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;

class CrossAttentionTest {

    private static final int DIM = 12;
    private static final int MEMORY_DIM = 10;
    private static final CrossAttentionOption GROUPED =
            new CrossAttentionOption(6, 2, 4, true, true, 0);

    private static NDArray run(CrossAttention part, ForwardContext context, NDArray... inputs) {
        ParameterStore store = new ParameterStore(inputs[0].getManager(), false);
        return part.forward(store, new NDList(inputs), true, context.asParams()).singletonOrThrow();
    }

    private static NDArray array(CrossAttention part, String name) {
        return ParameterPaths.of(part).get(name).getArray();
    }

    @Test
    void twoMemoriesByHand() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            CrossAttention part =
                    Run.initialized(
                            new CrossAttentionOption(1, 1, 1, false, false, 0).create(1),
                            manager,
                            1);
            for (String name : new String[] {"query", "key", "value"}) {
                Run.set(array(part, name + ".weight"), 1);
            }
            Run.set(array(part, "output.weight"), 2);
            NDArray x = manager.create(new float[] {1, 0}, new Shape(1, 2, 1));
            NDArray memory = manager.create(new float[] {3, 5, 9}, new Shape(1, 3, 1));
            NDArray mask = manager.create(new boolean[] {true, true, false}, new Shape(1, 3));
            double weight = 1 / (1 + Math.exp(2)); // of score 3 beside score 5
            assertClose(
                    new double[] {2 * (3 * weight + 5 * (1 - weight)), 2 * 4},
                    run(part, new ForwardContext(), x, memory, mask),
                    1e-5);
        }
    }

    @Test
    void equalsTorchMultiheadAttention() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            Map<String, NDArray> weights = Golden.read(manager, "torch-mha", "model");
            Map<String, NDArray> inputs = Golden.read(manager, "torch-mha", "inputs");
            Map<String, NDArray> outputs = Golden.read(manager, "torch-mha", "outputs");
            Map<String, NDArray> gradients = Golden.read(manager, "torch-mha", "gradients");
            NDArray mask = inputs.get("key_padding_mask").logicalNot();
            for (boolean shown : new boolean[] {false, true}) {
                CrossAttention part =
                        Run.initialized(CrossAttentionOption.of(4, 32).create(32), manager, 1);
                set(part, weights);
                ForwardContext context = new ForwardContext();
                if (shown) {
                    context.withCapture(CrossAttention.WEIGHTS);
                }
                NDArray y =
                        run(
                                part,
                                context,
                                inputs.get("query"),
                                inputs.get("key"),
                                inputs.get("value"),
                                mask);
                assertClose(outputs.get("output"), y, 1e-5);
                if (shown) {
                    assertClose(
                            outputs.get("weights"),
                            context.captured().get(CrossAttention.WEIGHTS),
                            1e-6);
                }
                GradientMode.backward(y, outputs.get("cotangent"));
                compareGradients(part, gradients);
            }
        }
    }

    // torch packs query, key and value.
    private static void set(CrossAttention part, Map<String, NDArray> weights) {
        try (GradientMode off = GradientMode.off()) {
            String[] names = {"query", "key", "value"};
            for (int i = 0; i < 3; i++) {
                String rows = "%d:%d".formatted(32 * i, 32 * (i + 1));
                array(part, names[i] + ".weight")
                        .set(weights.get("in_proj_weight").get(rows).toFloatArray());
                array(part, names[i] + ".bias")
                        .set(weights.get("in_proj_bias").get(rows).toFloatArray());
            }
            array(part, "output.weight").set(weights.get("out_proj.weight").toFloatArray());
            array(part, "output.bias").set(weights.get("out_proj.bias").toFloatArray());
        }
    }

    private static void compareGradients(CrossAttention part, Map<String, NDArray> expected) {
        String[] names = {"query", "key", "value"};
        for (int i = 0; i < 3; i++) {
            String rows = "%d:%d".formatted(32 * i, 32 * (i + 1));
            assertRelativelyClose(
                    expected.get("in_proj_weight").get(rows),
                    array(part, names[i] + ".weight").getGradient(),
                    1e-4);
            if (i != 1) { // a key bias shifts all scores alike: its gradient is rounding
                assertRelativelyClose(
                        expected.get("in_proj_bias").get(rows),
                        array(part, names[i] + ".bias").getGradient(),
                        1e-4);
            }
        }
        assertRelativelyClose(
                expected.get("out_proj.weight"), array(part, "output.weight").getGradient(), 1e-4);
        assertRelativelyClose(
                expected.get("out_proj.bias"), array(part, "output.bias").getGradient(), 1e-4);
    }

    @Test
    void memoryOfAnotherWidthIsMaskedAndPaddingCountsForNothing() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            CrossAttention part = Run.initialized(GROUPED.create(DIM, MEMORY_DIM), manager, 1);
            NDArray x = Run.random(manager, 1, 2, 5, DIM);
            NDArray memory = Run.random(manager, 2, 2, 7, MEMORY_DIM);
            NDArray mask =
                    manager.create(
                            new boolean[] {
                                true, true, true, true, false, false, false,
                                true, true, true, true, false, false, false
                            },
                            new Shape(2, 7));
            assertClose(
                    run(part, new ForwardContext(), x, memory.get(":, :4")),
                    run(part, new ForwardContext(), x, memory, mask),
                    1e-6);
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            CrossAttention part = Run.initialized(GROUPED.create(DIM, MEMORY_DIM), manager, 1);
            NDArray mask = Run.randomMask(manager, 3, 0.7, 1, 4);
            GradientCheck.assertGradients(
                    in -> run(part, new ForwardContext(), in.get(0), in.get(1), mask),
                    5e-3,
                    Run.random(manager, 1, 1, 3, DIM),
                    Run.random(manager, 2, 1, 4, MEMORY_DIM));
            Run.gradients(part).forEach((path, gradient) -> assertEquals(true, gradient != null));
        }
    }

    @Test
    void bfloat16IsClose() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode off = GradientMode.off()) {
            CrossAttention part = GROUPED.create(DIM, MEMORY_DIM);
            PyTorch.seed(1);
            part.initialize(manager, DataType.FLOAT32, new Shape(1, 1, DIM));
            NDArray x = Run.random(manager, 1, 2, 5, DIM);
            NDArray memory = Run.random(manager, 2, 2, 7, MEMORY_DIM);
            NDArray narrow =
                    run(part, new ForwardContext().withPrecision(Precision.BFLOAT16), x, memory);
            NDArray wide = LinearKernel.cast(narrow, Precision.FLOAT32);
            assertRelativelyClose(run(part, new ForwardContext(), x, memory), wide, 0.05);
        }
    }

    @Test
    void saysWhatItWants() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            CrossAttention part = Run.initialized(GROUPED.create(DIM), manager, 1);
            NDArray x = Run.random(manager, 1, 2, 5, DIM);
            assertEquals(
                    "inputs must be x, memory, values if they differ and a boolean mask if there"
                            + " is one, got 1 arrays and 0 masks",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> run(part, new ForwardContext(), x))
                            .getMessage());
            assertEquals(
                    "numKeyHeads must divide numHeads, got numKeyHeads=4, numHeads=6",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> new CrossAttentionOption(6, 4, 4, true, true, 0))
                            .getMessage());
            assertEquals(
                    "numHeads must divide dim, got numHeads=5, dim=12",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> CrossAttentionOption.of(5, 12))
                            .getMessage());
        }
    }
}
