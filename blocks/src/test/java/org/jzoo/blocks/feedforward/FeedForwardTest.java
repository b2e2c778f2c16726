package org.jzoo.blocks.feedforward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;

class FeedForwardTest {

    @Nested
    class Dense extends PartContract {
        @Override
        protected Part create() {
            return new DenseFeedForwardOption(7, Activation.GELU, true, 0.1).create(4);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 3, 4);
        }
    }

    @Nested
    class Gated extends PartContract {
        @Override
        protected Part create() {
            return new GatedFeedForwardOption(7, Activation.SILU, false, 0).create(4);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 3, 4);
        }
    }

    private static void set(Part part, String path, double... values) {
        Run.set(ParameterPaths.of(part).get(path).getArray(), values);
    }

    @Test
    void denseByHand() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part =
                    Run.initialized(
                            new DenseFeedForwardOption(2, Activation.RELU, true, 0).create(1),
                            manager,
                            1);
            set(part, "up.weight", 2, -2);
            set(part, "up.bias", 1, 1);
            set(part, "down.weight", 10, 100);
            set(part, "down.bias", 5);
            NDArray x = manager.create(new float[] {3}, new Shape(1, 1, 1));
            // relu(7, -5) = (7, 0).
            assertClose(new double[] {75}, Run.infer(part, x, new ForwardContext()), 0);
        }
    }

    @Test
    void gatedByHand() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part =
                    Run.initialized(
                            new GatedFeedForwardOption(2, Activation.RELU, false, 0).create(1),
                            manager,
                            1);
            set(part, "gate.weight", 1, -1);
            set(part, "up.weight", 5, 7);
            set(part, "down.weight", 10, 100);
            NDArray x = manager.create(new float[] {3}, new Shape(1, 1, 1));
            // relu(3, -3) · (15, 21) = (45, 0).
            assertClose(new double[] {450}, Run.infer(part, x, new ForwardContext()), 0);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RELU") // no differences at its kink
    void gradientsAgreeWithDifferences(Activation activation) {
        try (NDManager manager = PyTorch.newBaseManager()) {
            for (FeedForwardOption option :
                    new FeedForwardOption[] {
                        new DenseFeedForwardOption(7, activation, true, 0),
                        new GatedFeedForwardOption(7, activation, true, 0)
                    }) {
                Part part = Run.initialized((Part) option.create(4), manager, 2);
                GradientCheck.assertGradients(
                        in -> Run.forward(part, in.head(), true, new ForwardContext()),
                        5e-3,
                        Run.random(manager, 3, 1, 2, 4));
            }
        }
    }

    @Test
    void errorsNameTheNumbers() {
        assertEquals(
                "width must be >= 1, got width=0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new DenseFeedForwardOption(0, Activation.GELU, true, 0))
                        .getMessage());
        assertEquals(
                "dropout must be in [0, 1), got dropout=1.0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new GatedFeedForwardOption(3, Activation.GELU, true, 1))
                        .getMessage());
    }
}
