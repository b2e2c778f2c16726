package org.jzoo.blocks.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.position.RotaryPositionOption;

class SelfAttentionTest {

    private static final int DIM = 12;
    private static final SelfAttentionOption GROUPED =
            SelfAttentionOption.builder()
                    .setHeads(6, DIM)
                    .optNumKeyHeads(2)
                    .optHeadSize(4)
                    .optBias(true, false)
                    .optCausal(true)
                    .optPosition(new RotaryPositionOption(100, 2, true))
                    .build();

    @Nested
    class MultiHead extends PartContract {
        @Override
        protected Part create() {
            return SelfAttentionOption.builder().setHeads(3, DIM).build().create(DIM);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, DIM);
        }
    }

    @Nested
    class Grouped extends PartContract {
        @Override
        protected Part create() {
            return GROUPED.create(DIM);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, DIM);
        }
    }

    @Test
    void oneHeadOfWidthOneByHand() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            SelfAttention part =
                    Run.initialized(
                            SelfAttentionOption.builder().setHeads(1, 1).build().create(1),
                            manager,
                            1);
            Map<String, double[]> values =
                    Map.of("query", d(1), "key", d(1), "value", d(10), "output", d(2));
            values.forEach(
                    (name, v) -> {
                        Run.set(ParameterPaths.of(part).get(name + ".weight").getArray(), v);
                        Run.set(ParameterPaths.of(part).get(name + ".bias").getArray(), 0);
                    });
            NDArray x = manager.create(new float[] {0, (float) Math.log(3)}, new Shape(1, 2, 1));
            // The first query weighs both alike; the second e^(log²3) : 1.
            double log = Math.log(3);
            double second = 1 / (1 + Math.exp(-log * log));
            assertClose(
                    new double[] {20 * log / 2, 20 * log * second},
                    Run.infer(part, x, new ForwardContext()),
                    1e-5);
        }
    }

    private static double[] d(double value) {
        return new double[] {value};
    }

    @Test
    void shownWeightsAreThoseThatWereUsed() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = Run.random(manager, 1, 2, 5, DIM);
            for (SelfAttentionOption option :
                    new SelfAttentionOption[] {
                        GROUPED, SelfAttentionOption.builder().setHeads(3, DIM).build()
                    }) {
                SelfAttention part = Run.initialized(option.create(DIM), manager, 2);
                NDArray mask = Run.randomMask(manager, 3, 0.6, 2, 5);
                ForwardContext plain = new ForwardContext().withMask(mask);
                ForwardContext shown =
                        new ForwardContext().withMask(mask).withCapture(SelfAttention.WEIGHTS);
                assertClose(Run.infer(part, x, plain), Run.infer(part, x, shown), 1e-5);
                NDArray weights = shown.captured().get("attention");
                assertEquals(new Shape(2, option.numHeads(), 5, 5), weights.getShape());
                double[] ones = new double[2 * option.numHeads() * 5];
                Arrays.fill(ones, 1);
                assertClose(ones, weights.sum(new int[] {3}), 1e-5);
            }
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            SelfAttention part = Run.initialized(GROUPED.create(DIM), manager, 2);
            GradientCheck.assertGradients(
                    in -> Run.forward(part, in.head(), true, new ForwardContext()),
                    5e-3,
                    Run.random(manager, 3, 1, 4, DIM));
        }
    }

    @Test
    void shownOrNotTheGradientsAreTheSame() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            NDArray[] gradients = new NDArray[2];
            for (int i = 0; i < 2; i++) {
                SelfAttention part = Run.initialized(GROUPED.create(DIM), manager, 2);
                ForwardContext context = new ForwardContext();
                if (i == 1) {
                    context.withCapture(SelfAttention.WEIGHTS);
                }
                NDArray x = Run.random(manager, 3, 2, 5, DIM);
                GradientMode.backward(Run.forward(part, x, true, context));
                gradients[i] = ParameterPaths.of(part).get("query.weight").getArray().getGradient();
            }
            assertRelativelyClose(gradients[0], gradients[1], 1e-5);
        }
    }

    @Test
    void errorsNameTheNumbers() {
        assertEquals(
                "numHeads must divide dim, got numHeads=5, dim=64",
                message(() -> SelfAttentionOption.builder().setHeads(5, 64)));
        assertEquals(
                "numKeyHeads must divide numHeads, got numKeyHeads=4, numHeads=6",
                message(
                        () ->
                                SelfAttentionOption.builder()
                                        .setHeads(6, 12)
                                        .optNumKeyHeads(4)
                                        .build()));
        assertEquals(
                "numHeads and headSize must be >= 1, got numHeads=0, headSize=0",
                message(() -> SelfAttentionOption.builder().build()));
        assertEquals(
                "dropout must be in [0, 1), got dropout=-0.1",
                message(
                        () ->
                                SelfAttentionOption.builder()
                                        .setHeads(6, 12)
                                        .optDropout(-0.1)
                                        .build()));
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
