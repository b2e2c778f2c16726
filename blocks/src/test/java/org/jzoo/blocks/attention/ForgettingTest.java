package org.jzoo.blocks.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.AttentionKernel;
import org.jzoo.blocks.kernel.ForgetKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PositionKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.RmsNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.position.AlibiPositionOption;
import org.jzoo.blocks.position.RotaryPositionOption;

class ForgettingTest {

    private static final int DIM = 12;

    private static SelfAttentionOption.Builder forgetting(boolean causal) {
        return SelfAttentionOption.builder()
                .setHeads(6, DIM)
                .optHeadSize(4)
                .optNumKeyHeads(2)
                .optCausal(causal)
                .optForgetGate(new ForgetGate(5));
    }

    @Nested
    class Causal extends PartContract {
        @Override
        protected Part create() {
            return forgetting(true)
                    .optPosition(new RotaryPositionOption(100, 4, false))
                    .optQueryKeyNorm(new RmsNormOption(1e-6))
                    .build()
                    .create(DIM);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, DIM);
        }
    }

    @Nested
    class BothWays extends PartContract {
        @Override
        protected Part create() {
            return forgetting(false).build().create(DIM);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, DIM);
        }
    }

    @Test
    void threePositionsByHand() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            SelfAttention part =
                    Run.initialized(
                            SelfAttentionOption.builder()
                                    .setHeads(1, 1)
                                    .optCausal(true)
                                    .optForgetGate(new ForgetGate(0))
                                    .build()
                                    .create(1),
                            manager,
                            1);
            // Equal scores, values 1, 2 and 4, every gate one half.
            Map.of("query", 0, "key", 0, "value", 1, "output", 1, "forget", 0)
                    .forEach(
                            (name, weight) -> {
                                Run.set(array(part, name + ".weight"), weight);
                                Run.set(array(part, name + ".bias"), 0);
                            });
            NDArray x = manager.create(new float[] {1, 2, 4}, new Shape(1, 3, 1));
            double[] expected = {
                1, (1 * 0.5 + 2) / 1.5, (1 * 0.25 + 2 * 0.5 + 4) / 1.75,
            };
            ForwardContext context = new ForwardContext().withCapture(SelfAttention.GATES);
            assertClose(expected, Run.infer(part, x, context), 1e-6);
            assertClose(new double[] {0.5, 0.5, 0.5}, context.captured().get("forgetGates"), 1e-6);
        }
    }

    private static NDArray array(Part part, String name) {
        return ParameterPaths.of(part).get(name).getArray();
    }

    @Test
    void gatesStartWhereTheOptionSays() {
        Part part = forgetting(true).build().create(DIM);
        try (NDManager manager = PyTorch.newBaseManager()) {
            part.initialize(manager, DataType.FLOAT32, new Shape(1, 1, DIM));
            assertClose(new double[] {5, 5, 5, 5, 5, 5}, array(part, "forget.bias"), 0);
        }
    }

    @Test
    void constantGatesAreAlibi() {
        AlibiPositionOption alibi = new AlibiPositionOption(3);
        for (boolean causal : new boolean[] {true, false}) {
            try (NDManager manager = PyTorch.newBaseManager()) {
                NDArray q = Run.random(manager, 1, 2, 3, 7, 4);
                NDArray k = Run.random(manager, 2, 2, 3, 7, 4);
                NDArray v = Run.random(manager, 3, 2, 3, 7, 4);
                float[] logits = new float[2 * 7 * 3];
                for (int i = 0; i < logits.length; i++) {
                    double gate = Math.exp(-alibi.slopes()[i % 3]);
                    logits[i] = (float) Math.log(gate / (1 - gate));
                }
                NDArray c = ForgetKernel.cumulate(manager.create(logits, new Shape(2, 7, 3)), null);
                NDArray distance = AttentionKernel.relative(q, 7, 7);
                AttentionKernel.Scores scores =
                        new AttentionKernel.Scores(
                                null,
                                PositionKernel.alibi(distance, alibi.slopes()),
                                causal,
                                null,
                                0);
                NDArray expected = AttentionKernel.attendHeads(q, k, v, scores, 0);
                NDArray actual =
                        causal
                                ? ForgetKernel.attendCausal(
                                        q,
                                        k,
                                        v,
                                        c,
                                        new AttentionKernel.Scores(null, null, true, null, 0),
                                        0)
                                : AttentionKernel.attendHeads(
                                        q,
                                        k,
                                        v,
                                        new AttentionKernel.Scores(
                                                null,
                                                ForgetKernel.decay(c, c, false),
                                                false,
                                                null,
                                                0),
                                        0);
                assertClose(expected, actual, 1e-5);
            }
        }
    }

    @Test
    void fusedOrShownTheResultAndTheGradientsAreTheSame() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            NDArray[] outputs = new NDArray[2];
            NDArray[] gradients = new NDArray[2];
            for (int i = 0; i < 2; i++) {
                SelfAttention part =
                        Run.initialized(forgetting(true).build().create(DIM), manager, 2);
                ForwardContext context =
                        new ForwardContext().withMask(Run.randomMask(manager, 5, 0.7, 2, 9));
                if (i == 1) {
                    context.withCapture(SelfAttention.WEIGHTS);
                }
                outputs[i] = Run.forward(part, Run.random(manager, 3, 2, 9, DIM), true, context);
                GradientMode.backward(outputs[i]);
                gradients[i] = array(part, "forget.weight").getGradient();
            }
            assertClose(outputs[0], outputs[1], 1e-5);
            assertRelativelyClose(gradients[0], gradients[1], 1e-4);
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        for (boolean causal : new boolean[] {true, false}) {
            try (NDManager manager = PyTorch.newBaseManager()) {
                SelfAttention part =
                        Run.initialized(forgetting(causal).build().create(DIM), manager, 2);
                GradientCheck.assertGradients(
                        in -> Run.forward(part, in.head(), true, new ForwardContext()),
                        5e-3,
                        Run.random(manager, 3, 1, 4, DIM));
            }
        }
    }

    @Test
    void cumulationGoesOnWhereItStopped() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray logits = Run.random(manager, 3, 2, 9, 3);
            NDArray whole = ForgetKernel.cumulate(logits, null);
            NDArray first = ForgetKernel.cumulate(logits.get(":, :4"), null);
            NDArray second = ForgetKernel.cumulate(logits.get(":, 4:"), first);
            assertEquals(new Shape(2, 3, 5), second.getShape());
            assertClose(whole.get(":, :, 4:"), second, 1e-5);
        }
    }
}
