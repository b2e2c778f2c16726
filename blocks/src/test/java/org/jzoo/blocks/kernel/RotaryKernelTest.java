package org.jzoo.blocks.kernel;

import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertSame;
import static org.jzoo.blocks.check.GradientCheck.assertGradients;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Run;

class RotaryKernelTest {

    private static final double[] FREQUENCIES = {1, 0.25};

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void bothPairingsByHand() {
        // Position 0 stays; at position 2 the pairs turn by 2 and by 0.5; the fifth feature stays.
        NDArray x =
                manager.create(new float[] {1, 2, 3, 4, 9, 1, 2, 3, 4, 9}, new Shape(1, 1, 2, 5));
        NDArray positions = manager.create(new long[] {0, 2});
        double c = Math.cos(2);
        double s = Math.sin(2);
        double d = Math.cos(0.5);
        double t = Math.sin(0.5);
        assertClose(
                new double[] {1, 2, 3, 4, 9, c - 2 * s, 2 * c + s, 3 * d - 4 * t, 4 * d + 3 * t, 9},
                RotaryKernel.rotate(x, positions, FREQUENCIES, true, 1),
                1e-5);
        assertClose(
                new double[] {1, 2, 3, 4, 9, c - 3 * s, 2 * d - 4 * t, 3 * c + s, 4 * d + 2 * t, 9},
                RotaryKernel.rotate(x, positions, FREQUENCIES, false, 1),
                1e-5);
    }

    @Test
    void scaleMultipliesTheTurnedFeaturesOnly() {
        NDArray x = Run.random(manager, 1, 1, 1, 3, 5);
        NDArray plain = RotaryKernel.rotate(x, null, FREQUENCIES, false, 1);
        NDArray scaled = RotaryKernel.rotate(x, null, FREQUENCIES, false, 2);
        assertClose(plain.get("...,:4").mul(2f), scaled.get("...,:4"), 1e-6);
        assertClose(plain.get("...,4:"), scaled.get("...,4:"), 0);
    }

    @Test
    void scoresDependOnDistancesOnly() {
        NDArray q = Run.random(manager, 1, 2, 3, 5, 4);
        NDArray k = Run.random(manager, 2, 2, 3, 5, 4);
        NDArray near = manager.arange(5).toType(ai.djl.ndarray.types.DataType.INT64, false);
        NDArray far = near.add(manager.create(1000L));
        for (boolean interleaved : new boolean[] {true, false}) {
            assertClose(scores(q, k, near, interleaved), scores(q, k, far, interleaved), 1e-3);
            assertClose(scores(q, k, null, interleaved), scores(q, k, near, interleaved), 0);
        }
    }

    private static NDArray scores(NDArray q, NDArray k, NDArray positions, boolean interleaved) {
        NDArray a = RotaryKernel.rotate(q, positions, FREQUENCIES, interleaved, 1);
        NDArray b = RotaryKernel.rotate(k, positions, FREQUENCIES, interleaved, 1);
        return a.matMul(b.swapAxes(2, 3));
    }

    @Test
    void positionsMayDifferByExample() {
        NDArray x = Run.random(manager, 1, 2, 3, 2, 4);
        NDArray both = manager.create(new long[] {0, 1, 5, 9}, new Shape(2, 2));
        NDArray turned = RotaryKernel.rotate(x, both, FREQUENCIES, true, 1);
        assertClose(
                RotaryKernel.rotate(
                        x.get("1:"), manager.create(new long[] {5, 9}), FREQUENCIES, true, 1),
                turned.get("1:"),
                1e-6);
    }

    @Test
    void queriesAndKeysTurnTogetherAsEachDoesAlone() {
        NDArray q = Run.random(manager, 1, 2, 6, 5, 7);
        NDArray k = Run.random(manager, 2, 2, 3, 5, 7);
        NDArray each = manager.create(new long[] {0, 1, 5, 9, 3, 8, 7, 4, 2, 6}, new Shape(2, 5));
        for (NDArray positions : new NDArray[] {null, each.get(0), each}) {
            NDArray[] both = RotaryKernel.rotateBoth(q, k, positions, FREQUENCIES, true, 1.5);
            assertSame(RotaryKernel.rotate(q, positions, FREQUENCIES, true, 1.5), both[0]);
            assertSame(RotaryKernel.rotate(k, positions, FREQUENCIES, true, 1.5), both[1]);
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        NDArray x = Run.random(manager, 1, 1, 2, 3, 5);
        for (boolean interleaved : new boolean[] {true, false}) {
            assertGradients(
                    in -> RotaryKernel.rotate(in.get(0), null, FREQUENCIES, interleaved, 1.5),
                    1e-3,
                    x);
        }
    }
}
