package org.jzoo.blocks.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Memory;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.AttentionKernel.Scores;

/** Attention in bfloat16 that learns, which on CPU takes other ways than the fused kernel. */
class HalfAttentionTest {

    private static final int B = 2;
    private static final int H = 6;
    private static final int DH = 8;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** The result, then the gradients of q, k and v, all in float32. */
    private static List<NDArray> learn(
            Precision precision, Scores scores, NDArray cotangent, NDArray... leaves) {
        for (NDArray leaf : leaves) {
            leaf.setRequiresGradient(true);
        }
        List<NDArray> found = new ArrayList<>();
        try (GradientMode on = GradientMode.on()) {
            NDArray y =
                    LinearKernel.cast(
                            AttentionKernel.attendHeads(
                                    LinearKernel.cast(leaves[0], precision),
                                    LinearKernel.cast(leaves[1], precision),
                                    LinearKernel.cast(leaves[2], precision),
                                    scores,
                                    0),
                            Precision.FLOAT32);
            GradientMode.backward(y, cotangent);
            found.add(y);
        }
        for (NDArray leaf : leaves) {
            found.add(leaf.getGradient().duplicate());
        }
        OptimizerKernel.zeroGradients(leaves);
        return found;
    }

    private void assertLearnsAsInFloat32(int queries, int keys, int keyHeads, Scores scores) {
        NDArray q = Run.random(manager, 5, B, H, queries, DH);
        NDArray k = Run.random(manager, 6, B, keyHeads, keys, DH);
        NDArray v = Run.random(manager, 7, B, keyHeads, keys, DH);
        NDArray cotangent = Run.random(manager, 8, B, H, queries, DH);
        List<NDArray> expected = learn(Precision.FLOAT32, scores, cotangent, q, k, v);
        List<NDArray> actual = learn(Precision.BFLOAT16, scores, cotangent, q, k, v);
        for (int i = 0; i < expected.size(); i++) {
            assertRelativelyClose(expected.get(i), actual.get(i), 2e-2);
        }
    }

    @Test
    void fewScoresLearnAsInFloat32UnderEveryRestriction() {
        int t = 5;
        int s = 7;
        NDArray keys = Run.randomMask(manager, 1, 0.5, B, s);
        NDArray pairs = Run.randomMask(manager, 2, 0.5, B, t, s);
        NDArray bias = Run.random(manager, 4, 1, H, t, s);
        for (int keyHeads : new int[] {H, 2}) {
            assertLearnsAsInFloat32(t, s, keyHeads, Scores.ALL);
            assertLearnsAsInFloat32(t, s, keyHeads, Scores.masked(keys));
            assertLearnsAsInFloat32(t, s, keyHeads, Scores.masked(pairs));
            assertLearnsAsInFloat32(t, t, keyHeads, new Scores(null, null, true, null, 0));
            assertLearnsAsInFloat32(t, s, keyHeads, new Scores(keys, null, true, null, 0));
            assertLearnsAsInFloat32(t, s, keyHeads, new Scores(keys, bias, false, 0.3, 0));
        }
    }

    @Test
    void manyScoresLearnAsInFloat32() {
        NDArray keys = Run.randomMask(manager, 1, 0.5, B, 500);
        assertLearnsAsInFloat32(300, 500, H, Scores.masked(keys));
        assertLearnsAsInFloat32(400, 400, 3, new Scores(null, null, true, null, 0));
    }

    @Test
    void manyScoresAreNotKept() {
        NDArray q = Run.random(manager, 5, 1, 4, 3000, DH);
        NDArray cotangent = Run.random(manager, 8, 1, 4, 3000, DH);
        // All scores would take 72 MB, and the gradient twice that.
        double peak =
                Memory.peakMegabytes(
                        () -> learn(Precision.BFLOAT16, Scores.ALL, cotangent, q, q, q));
        assertTrue(peak < 50, () -> "peak %.0f MB".formatted(peak));
    }

    @Test
    void aQueryThatMayAttendToNothingGetsZerosAndZeroGradients() {
        int t = 5;
        boolean[] allowed = new boolean[B * t * t];
        for (int i = 0; i < allowed.length; i++) {
            allowed[i] = i / t != 3 && i % 3 != 0;
        }
        NDArray mask = manager.create(allowed, new Shape(B, t, t));
        NDArray bias = Run.random(manager, 4, 1, H, t, t);
        for (NDArray shift : new NDArray[] {null, bias}) {
            Scores scores = new Scores(mask, shift, false, null, 0);
            NDArray q = Run.random(manager, 5, B, H, t, DH);
            NDArray k = Run.random(manager, 6, B, H, t, DH);
            NDArray v = Run.random(manager, 7, B, H, t, DH);
            NDArray ones = manager.ones(q.getShape());
            List<NDArray> found = learn(Precision.BFLOAT16, scores, ones, q, k, v);
            assertClose(new double[H * DH], found.get(0).get("0,:,3"), 0);
            assertClose(new double[H * DH], found.get(1).get("0,:,3"), 0);
            assertEquals(0, found.get(2).isNaN().any().getBoolean() ? 1 : 0);
        }
    }
}
