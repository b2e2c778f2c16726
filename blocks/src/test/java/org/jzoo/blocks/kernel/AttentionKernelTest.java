package org.jzoo.blocks.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;
import static org.jzoo.blocks.check.GradientCheck.assertGradients;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.Golden;
import org.jzoo.blocks.check.Memory;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.AttentionKernel.Scores;

class AttentionKernelTest {

    private static final int B = 2;
    private static final int T = 5;
    private static final int S = 7;
    private static final int H = 6;
    private static final int DH = 4;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Every way to restrict and shift the scores. */
    private Map<String, Scores> variants() {
        NDArray keys = Run.randomMask(manager, 1, 0.5, B, S);
        NDArray pairs = Run.randomMask(manager, 2, 0.5, B, T, S);
        NDArray heads = Run.randomMask(manager, 3, 0.5, B, H, T, S);
        NDArray bias = Run.random(manager, 4, 1, H, T, S);
        Map<String, Scores> variants = new LinkedHashMap<>();
        variants.put("all", Scores.ALL);
        variants.put("keys", Scores.masked(keys));
        variants.put("pairs", Scores.masked(pairs));
        variants.put("heads", Scores.masked(heads));
        variants.put("causal", new Scores(null, null, true, null, 0));
        variants.put("causal and keys", new Scores(keys, null, true, null, 0));
        variants.put("bias", new Scores(null, bias, false, null, 0));
        variants.put("bias, keys, causal", new Scores(keys, bias, true, null, 0));
        variants.put("scale", new Scores(keys, null, false, 0.3, 0));
        return variants;
    }

    @Test
    void oneQueryOverTwoKeysIsASoftmaxByHand() {
        NDArray q = manager.create(new double[] {1, 2}, new Shape(1, 1, 1, 2));
        NDArray k = manager.create(new double[] {1, 0, 0, 1}, new Shape(1, 1, 2, 2));
        NDArray v = manager.create(new double[] {10, 0, 0, 100}, new Shape(1, 1, 2, 2));
        // Scores 1/√2 and 2/√2.
        double first = 1 / (1 + Math.exp(1 / Math.sqrt(2)));
        double[] expected = {10 * first, 100 * (1 - first)};
        assertClose(expected, AttentionKernel.attendHeads(q, k, v, Scores.ALL, 0), 1e-9);
        NDArray[] explicit = AttentionKernel.attendExplicit(q, k, v, Scores.ALL, 0);
        assertClose(expected, explicit[0], 1e-5);
        assertClose(new double[] {first, 1 - first}, explicit[1], 1e-7);
    }

    @Test
    void headsAreSplitAndMergedBack() {
        NDArray x = manager.arange(12f).reshape(1, 2, 6);
        NDArray heads = AttentionKernel.splitHeads(x, 3);
        assertEquals(new Shape(1, 3, 2, 2), heads.getShape());
        assertClose(new double[] {0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11}, heads, 0);
        assertClose(x, AttentionKernel.mergeHeads(heads), 0);
    }

    @Test
    void fusedEqualsExplicitUnderEveryRestriction() {
        for (int keyHeads : new int[] {H, 2, 1}) {
            NDArray q = Run.random(manager, 5, B, H, T, DH);
            NDArray k = Run.random(manager, 6, B, keyHeads, S, DH);
            NDArray v = Run.random(manager, 7, B, keyHeads, S, DH);
            variants()
                    .forEach(
                            (name, scores) ->
                                    assertClose(
                                            AttentionKernel.attendExplicit(q, k, v, scores, 0)[0],
                                            AttentionKernel.attendHeads(q, k, v, scores, 0),
                                            1e-5));
        }
    }

    @Test
    void modelLayoutEqualsHeadLayout() {
        NDArray q = Run.random(manager, 5, B, T, H * DH);
        NDArray k = Run.random(manager, 6, B, S, 2 * DH);
        NDArray v = Run.random(manager, 7, B, S, 2 * DH);
        variants()
                .forEach(
                        (name, scores) ->
                                assertClose(
                                        AttentionKernel.mergeHeads(
                                                AttentionKernel.attendHeads(
                                                        AttentionKernel.splitHeads(q, H),
                                                        AttentionKernel.splitHeads(k, 2),
                                                        AttentionKernel.splitHeads(v, 2),
                                                        scores,
                                                        0)),
                                        AttentionKernel.attend(q, k, v, H, 2, scores, 0),
                                        1e-6));
    }

    @Test
    void groupsOfQueryHeadsShareAKeyHead() {
        NDArray q = Run.random(manager, 5, B, H, T, DH);
        NDArray k = Run.random(manager, 6, B, 2, S, DH);
        NDArray v = Run.random(manager, 7, B, 2, S, DH);
        assertClose(
                AttentionKernel.attendHeads(q, k.repeat(1, 3), v.repeat(1, 3), Scores.ALL, 0),
                AttentionKernel.attendHeads(q, k, v, Scores.ALL, 0),
                1e-6);
    }

    @Test
    void aSingleQueryUnderEveryRestrictionEqualsExplicit() {
        NDArray q = Run.random(manager, 5, B, H, 1, DH);
        NDArray k = Run.random(manager, 6, B, 2, S, DH);
        NDArray keys = Run.randomMask(manager, 1, 0.5, B, S);
        NDArray heads = Run.randomMask(manager, 3, 0.5, B, H, 1, S);
        NDArray bias = Run.random(manager, 4, 1, H, 1, S);
        for (Scores scores :
                new Scores[] {
                    Scores.ALL,
                    Scores.masked(keys),
                    Scores.masked(heads),
                    new Scores(keys, bias, true, 0.3, 0)
                }) {
            assertClose(
                    AttentionKernel.attendExplicit(q, k, k, scores, 0)[0],
                    AttentionKernel.attendHeads(q, k, k, scores, 0),
                    1e-5);
        }
    }

    @Test
    void groupedHeadsTakeNoMemoryForPairs() {
        NDArray q = Run.random(manager, 5, 1, 4, 4096, 8);
        NDArray k = Run.random(manager, 6, 1, 2, 4096, 8);
        Scores causal = new Scores(null, null, true, null, 0);
        // All scores would take 268 MB.
        double peak = Memory.peakMegabytes(() -> AttentionKernel.attendHeads(q, k, k, causal, 0));
        assertTrue(peak < 60, () -> "peak %.0f MB".formatted(peak));
    }

    @Test
    void causalRowsSeeOnlyTheirPrefix() {
        NDArray q = Run.random(manager, 5, 1, H, S, DH);
        NDArray k = Run.random(manager, 6, 1, H, S, DH);
        NDArray v = Run.random(manager, 7, 1, H, S, DH);
        Scores causal = new Scores(null, null, true, null, 0);
        NDArray all = AttentionKernel.attendHeads(q, k, v, causal, 0);
        for (int n = 1; n <= S; n++) {
            String prefix = ":,:,:" + n;
            NDArray last = q.get(":,:," + (n - 1) + ":" + n);
            assertClose(
                    all.get(":,:," + (n - 1) + ":" + n),
                    AttentionKernel.attendHeads(last, k.get(prefix), v.get(prefix), causal, 0),
                    1e-6);
        }
    }

    @Test
    void aQueryThatMayAttendToNothingGetsZerosAndZeroGradients() {
        boolean[] allowed = new boolean[B * T * S];
        for (int i = 0; i < allowed.length; i++) {
            allowed[i] = i / S != 3 && i % 3 != 0;
        }
        NDArray mask = manager.create(allowed, new Shape(B, T, S));
        NDArray bias = Run.random(manager, 4, 1, H, T, S);
        for (NDArray shift : new NDArray[] {null, bias}) {
            Scores scores = new Scores(mask, shift, false, null, 0);
            for (boolean explicit : new boolean[] {false, true}) {
                NDArray q = Run.random(manager, 5, B, H, T, DH);
                NDArray k = Run.random(manager, 6, B, H, S, DH);
                NDArray v = Run.random(manager, 7, B, H, S, DH);
                q.setRequiresGradient(true);
                k.setRequiresGradient(true);
                try (GradientMode on = GradientMode.on()) {
                    NDArray y =
                            explicit
                                    ? AttentionKernel.attendExplicit(q, k, v, scores, 0)[0]
                                    : AttentionKernel.attendHeads(q, k, v, scores, 0);
                    assertClose(new double[H * DH], y.get("0,:,3"), 0);
                    GradientMode.backward(y);
                }
                assertClose(new double[H * DH], q.getGradient().get("0,:,3"), 0);
                assertEquals(0, k.getGradient().isNaN().any().getBoolean() ? 1 : 0);
            }
        }
    }

    @Test
    void theWeightsOfEachQuerySumToOne() {
        NDArray q = Run.random(manager, 5, B, H, T, DH);
        NDArray k = Run.random(manager, 6, B, 3, S, DH);
        NDArray[] result =
                AttentionKernel.attendExplicit(
                        q, k, k, Scores.masked(Run.randomMask(manager, 2, 0.5, B, T, S)), 0);
        assertEquals(new Shape(B, H, T, S), result[1].getShape());
        double[] ones = new double[B * H * T];
        java.util.Arrays.fill(ones, 1);
        assertClose(ones, result[1].sum(new int[] {3}), 1e-6);
    }

    @Test
    void gradientsAgreeWithDifferences() {
        NDArray q = Run.randomWide(manager, 5, 1, 2, 3, 4);
        NDArray k = Run.randomWide(manager, 6, 1, 1, 5, 4);
        NDArray v = Run.randomWide(manager, 7, 1, 1, 5, 4);
        NDArray bias = Run.randomWide(manager, 8, 1, 2, 3, 5);
        NDArray mask = Run.randomMask(manager, 9, 0.5, 1, 3, 5);
        Scores masked = Scores.masked(mask);
        assertGradients(
                in -> AttentionKernel.attendHeads(in.get(0), in.get(1), in.get(2), masked, 0),
                1e-6,
                q,
                k,
                v);
        Scores causal = new Scores(null, null, true, null, 0);
        assertGradients(
                in -> AttentionKernel.attendHeads(in.get(0), in.get(1), in.get(2), causal, 0),
                1e-6,
                q,
                k,
                v);
        assertGradients(
                in ->
                        AttentionKernel.attendHeads(
                                in.get(0),
                                in.get(1),
                                in.get(2),
                                new Scores(mask, in.get(3), true, 0.7, 0),
                                0),
                1e-6,
                q,
                k,
                v,
                bias);
    }

    @Test
    void explicitGradientsAgreeWithDifferences() {
        NDArray q = Run.random(manager, 5, 1, 2, 3, 4);
        NDArray k = Run.random(manager, 6, 1, 1, 5, 4);
        NDArray v = Run.random(manager, 7, 1, 1, 5, 4);
        NDArray bias = Run.random(manager, 8, 1, 2, 3, 5);
        NDArray mask = Run.randomMask(manager, 9, 0.5, 1, 3, 5);
        assertGradients(
                in ->
                        AttentionKernel.attendExplicit(
                                in.get(0),
                                in.get(1),
                                in.get(2),
                                new Scores(mask, in.get(3), false, null, 0),
                                0)[0],
                2e-3,
                q,
                k,
                v,
                bias);
    }

    @Test
    void multiHeadAttentionEqualsTorch() {
        Map<String, NDArray> weights = Golden.read(manager, "torch-mha", "model");
        Map<String, NDArray> inputs = Golden.read(manager, "torch-mha", "inputs");
        Map<String, NDArray> outputs = Golden.read(manager, "torch-mha", "outputs");
        Map<String, NDArray> gradients = Golden.read(manager, "torch-mha", "gradients");
        weights.values().forEach(w -> w.setRequiresGradient(true));
        // The fixture's mask says true for padding.
        Scores scores = Scores.masked(inputs.get("key_padding_mask").logicalNot());
        for (boolean explicit : new boolean[] {false, true}) {
            try (GradientMode on = GradientMode.on()) {
                NDArray q = project(inputs.get("query"), weights, 0);
                NDArray k = project(inputs.get("key"), weights, 1);
                NDArray v = project(inputs.get("value"), weights, 2);
                NDArray mixed;
                if (explicit) {
                    NDArray[] result =
                            AttentionKernel.attendExplicit(
                                    AttentionKernel.splitHeads(q, 4),
                                    AttentionKernel.splitHeads(k, 4),
                                    AttentionKernel.splitHeads(v, 4),
                                    scores,
                                    0);
                    assertClose(outputs.get("weights"), result[1], 1e-6);
                    mixed = AttentionKernel.mergeHeads(result[0]);
                } else {
                    mixed = AttentionKernel.attend(q, k, v, 4, 4, scores, 0);
                }
                NDArray y =
                        LinearKernel.linear(
                                mixed,
                                weights.get("out_proj.weight"),
                                weights.get("out_proj.bias"),
                                Precision.FLOAT32);
                assertClose(outputs.get("output"), y, 1e-5);
                GradientMode.backward(y, outputs.get("cotangent"));
            }
            weights.forEach(
                    (name, w) -> {
                        try (NDArray gradient = w.getGradient()) {
                            assertRelativelyClose(gradients.get(name), gradient, 1e-4);
                            gradient.set(new float[(int) gradient.size()]);
                        }
                    });
        }
    }

    private static NDArray project(NDArray x, Map<String, NDArray> weights, int third) {
        String rows = 32 * third + ":" + 32 * (third + 1);
        return LinearKernel.linear(
                x,
                weights.get("in_proj_weight").get(rows),
                weights.get("in_proj_bias").get(rows),
                Precision.FLOAT32);
    }

    @Test
    void dropoutKeepsTheMean() {
        NDArray q = Run.random(manager, 5, 1, 1, 1, DH);
        NDArray k = Run.random(manager, 6, 1, 1, 64, DH);
        NDArray v = manager.ones(new Shape(1, 1, 64, DH));
        PyTorch.seed(3);
        double sum = 0;
        for (int i = 0; i < 400; i++) {
            try (NDArray y = AttentionKernel.attendHeads(q, k, v, Scores.ALL, 0.25)) {
                sum += y.getFloat(0, 0, 0, 0);
            }
        }
        assertEquals(1, sum / 400, 0.02);
    }

    @Test
    void dropoutTooSmallToZeroAnythingEqualsNone() {
        NDArray v = Run.random(manager, 7, B, H, S, DH);
        for (int queries : new int[] {T, S}) {
            NDArray q = Run.random(manager, 5, B, H, queries, DH);
            NDArray k = Run.random(manager, 6, B, H, S, DH);
            variants().entrySet().stream()
                    .filter(e -> queries == T || e.getValue().mask() == null)
                    .filter(e -> queries == T || e.getValue().bias() == null)
                    .forEach(
                            e ->
                                    assertClose(
                                            AttentionKernel.attendHeads(q, k, v, e.getValue(), 0),
                                            AttentionKernel.attendHeads(
                                                    q, k, v, e.getValue(), 1e-9),
                                            1e-5));
        }
    }

    @Test
    void withDropoutHiddenKeysStayHiddenAndWhoSeesNoneGetsZeros() {
        NDArray q = Run.random(manager, 5, 1, 1, 2, DH);
        NDArray k = Run.random(manager, 6, 1, 1, 3, DH);
        NDArray v = manager.create(new float[] {1, 10, 100}, new Shape(1, 1, 3, 1));
        boolean[] seen = {true, false, true, false, false, false};
        NDArray some = manager.create(new boolean[] {true, false, false}, new Shape(1, 3));
        NDArray pairs = manager.create(seen, new Shape(1, 2, 3));
        PyTorch.seed(5);
        for (int i = 0; i < 50; i++) {
            double only =
                    AttentionKernel.attendHeads(q, k, v, Scores.masked(some), 0.5)
                            .getFloat(0, 0, 0, 0);
            assertTrue(only == 0 || only == 2, "got " + only);
            NDArray y = AttentionKernel.attendHeads(q, k, v, Scores.masked(pairs), 0.5);
            assertEquals(0, y.getFloat(0, 0, 1, 0));
        }
    }
}
