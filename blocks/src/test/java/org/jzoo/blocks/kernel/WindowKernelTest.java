package org.jzoo.blocks.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.Memory;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.AttentionKernel.Scores;
import org.jzoo.blocks.kernel.WindowKernel.Everywhere;
import org.jzoo.blocks.kernel.WindowKernel.Window;

class WindowKernelTest {

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

    @Test
    void aWindowOfTwoByHand() {
        NDArray q = manager.create(new double[] {0, 1, 2}, new Shape(1, 1, 3, 1));
        NDArray k = manager.create(new double[] {5, 0, Math.log(3)}, new Shape(1, 1, 3, 1));
        NDArray v = manager.create(new double[] {4, 8, 16}, new Shape(1, 1, 3, 1));
        // Query 1 weighs e⁵ : 1, query 2 weighs 1 : 3².
        double first = 1 / (1 + Math.exp(-5));
        assertClose(
                new double[] {4, 4 * first + 8 * (1 - first), 8 * 0.1 + 16 * 0.9},
                WindowKernel.attend(q, k, v, Window.causal(2), null, 0, null),
                1e-9);
    }

    /** The window as a mask over all pairs, (B, T, S). */
    private NDArray mask(int queries, int keys, Window window, NDArray keyMask) {
        boolean[] real = keyMask == null ? null : keyMask.toBooleanArray();
        boolean[] pairs = new boolean[B * queries * keys];
        for (int i = 0; i < pairs.length; i++) {
            int key = i % keys;
            int example = i / keys / queries;
            int offset = key - (keys - queries + i / keys % queries);
            pairs[i] =
                    offset >= -window.before()
                            && offset <= window.after()
                            && (real == null || real[example * keys + key]);
        }
        return manager.create(pairs, new Shape(B, queries, keys));
    }

    /** Padding at both ends and in the middle of the first example, none in the second. */
    private NDArray padding(int keys) {
        boolean[] real = new boolean[B * keys];
        for (int i = 0; i < real.length; i++) {
            int j = i % keys;
            real[i] = i >= keys || (j > keys / 8 && j < keys - keys / 4 && j * 4 / keys != 1);
        }
        return manager.create(real, new Shape(B, keys));
    }

    private NDArray bias(NDArray table, int queries, int keys, Window window) {
        float[] values = table.toFloatArray();
        float[] all = new float[H * queries * keys];
        for (int i = 0; i < all.length; i++) {
            int offset = i % keys - (keys - queries + i / keys % queries);
            if (offset >= -window.before() && offset <= window.after()) {
                int row = table.getShape().get(0) == 1 ? 0 : i / keys / queries;
                all[i] = values[row * window.size() + offset + window.before()];
            }
        }
        return manager.create(all, new Shape(1, H, queries, keys));
    }

    @ParameterizedTest
    @CsvSource({
        // T, S, K, before, after, padded, heads of the bias
        "1, 1, 6, 0, 0, false, 0",
        "1, 7, 2, 3, 0, false, 0",
        "1, 300, 1, 3, 0, true, 0",
        "5, 5, 3, 9, 0, false, 0",
        "5, 5, 3, 9, 9, false, 0",
        "5, 5, 6, 9, 9, true, 0",
        "131, 131, 6, 0, 0, true, 0",
        "131, 131, 1, 2, 0, false, 1",
        "131, 131, 6, 15, 0, true, 6",
        "128, 128, 2, 63, 0, false, 0",
        "197, 197, 3, 64, 0, true, 0",
        "197, 197, 2, 8, 8, true, 0",
        "197, 197, 6, 31, 5, false, 6",
        "197, 197, 6, 5, 31, true, 1",
        "67, 211, 2, 40, 0, true, 0",
        "67, 211, 6, 9, 70, false, 0",
        "257, 331, 2, 150, 0, true, 6",
        "521, 521, 1, 300, 0, false, 0",
        "500, 500, 3, 20, 0, false, 0",
        "450, 600, 2, 63, 0, false, 6",
        "450, 600, 6, 0, 9, false, 1",
        "450, 450, 2, 10, 30, false, 6",
        "521, 521, 2, 20, 400, true, 0"
    })
    void equalsFullAttentionUnderTheSameMask(
            int queries,
            int keys,
            int keyHeads,
            int before,
            int after,
            boolean padded,
            int biasHeads) {
        Window window = new Window(before, after);
        NDArray keyMask = padded ? padding(keys) : null;
        NDArray table =
                biasHeads == 0 ? null : Run.random(manager, 4, biasHeads, window.size()).mul(3);
        NDArray[] expected =
                run(
                        queries,
                        keys,
                        keyHeads,
                        (q, k, v) ->
                                AttentionKernel.attendHeads(
                                        q,
                                        k,
                                        v,
                                        new Scores(
                                                mask(queries, keys, window, keyMask),
                                                table == null
                                                        ? null
                                                        : bias(table, queries, keys, window),
                                                false,
                                                0.4,
                                                0),
                                        0));
        NDArray[] actual =
                run(
                        queries,
                        keys,
                        keyHeads,
                        (q, k, v) ->
                                WindowKernel.attendBiased(q, k, v, window, keyMask, table, 0, 0.4));
        NDArray[] atOnce =
                run(
                        queries,
                        keys,
                        keyHeads,
                        (q, k, v) ->
                                WindowKernel.run(
                                        q, k, v, window, keyMask, table, null, 0, 0.4, true));
        check(expected, actual);
        check(expected, atOnce);
    }

    @Test
    void keysFromAnywhereCountTheSameAtOnce() {
        Window window = Window.centered(20);
        NDArray keyMask = padding(450);
        NDArray more = Run.random(manager, 6, B, 2, 3, DH);
        NDArray real =
                manager.create(
                        new boolean[] {true, true, false, false, true, true}, new Shape(B, 3));
        Everywhere everywhere = new Everywhere(more, more, real);
        NDArray[] expected =
                run(
                        450,
                        450,
                        2,
                        (q, k, v) ->
                                WindowKernel.attendBeside(q, k, v, window, keyMask, everywhere, 0));
        NDArray[] atOnce =
                run(
                        450,
                        450,
                        2,
                        (q, k, v) ->
                                WindowKernel.run(
                                        q, k, v, window, keyMask, null, everywhere, 0, null, true));
        check(expected, atOnce);
    }

    private static void check(NDArray[] expected, NDArray[] actual) {
        for (int i = 0; i < expected.length; i++) {
            assertClose(expected[i], actual[i], 1e-5);
        }
    }

    @FunctionalInterface
    private interface Attention {
        NDArray attend(NDArray q, NDArray k, NDArray v);
    }

    /** The result without and with recording, and the gradients of q, k and v. */
    private NDArray[] run(int queries, int keys, int keyHeads, Attention attention) {
        NDArray q = Run.random(manager, 1, B, H, queries, DH);
        NDArray k = Run.random(manager, 2, B, keyHeads, keys, DH);
        NDArray v = Run.random(manager, 3, B, keyHeads, keys, DH);
        NDArray silent;
        try (GradientMode off = GradientMode.off()) {
            silent = attention.attend(q, k, v);
        }
        for (NDArray x : new NDArray[] {q, k, v}) {
            x.setRequiresGradient(true);
        }
        try (GradientMode on = GradientMode.on()) {
            NDArray y = attention.attend(q, k, v);
            GradientMode.backward(y, Run.random(manager, 5, B, H, queries, DH));
            return new NDArray[] {silent, y, q.getGradient(), k.getGradient(), v.getGradient()};
        }
    }

    @Test
    void aQueryThatMayAttendToNothingGetsZerosAndZeroGradients() {
        boolean[] real = new boolean[B * 150];
        for (int i = 0; i < real.length; i++) {
            real[i] = i < 100; // the second example is padding throughout
        }
        NDArray keyMask = manager.create(real, new Shape(B, 150));
        for (Window window : new Window[] {Window.causal(5), Window.centered(70)}) {
            NDArray[] result =
                    run(
                            150,
                            150,
                            2,
                            (q, k, v) -> WindowKernel.attend(q, k, v, window, keyMask, 0, null));
            for (NDArray array : result) {
                assertClose(new double[(int) (array.size() / B)], array.get(1), 0);
                assertEquals(false, array.isNaN().any().getBoolean());
            }
        }
    }

    @Test
    void memoryGrowsWithTheLengthAndNotWithItsSquare() {
        int length = 16_384;
        NDArray q = Run.random(manager, 1, 1, 2, length, DH);
        NDArray k = Run.random(manager, 2, 1, 1, length, DH);
        NDArray keyMask = Run.randomMask(manager, 3, 0.5, 1, length);
        q.setRequiresGradient(true);
        k.setRequiresGradient(true);
        try (GradientMode on = GradientMode.on()) {
            // A mask over pairs would take 268 MB and scores 2 GB; a chunk's mask takes 32 KB.
            double peak =
                    Memory.peakMegabytes(
                            () ->
                                    GradientMode.backward(
                                            WindowKernel.attend(
                                                    q, k, k, Window.causal(64), keyMask, 0, null)));
            assertTrue(peak < 80, () -> "peak %.0f MB".formatted(peak));
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        NDArray q = Run.randomWide(manager, 5, 1, 2, 67, 1);
        NDArray k = Run.randomWide(manager, 6, 1, 1, 70, 1);
        NDArray v = Run.randomWide(manager, 7, 1, 1, 70, 1);
        NDArray bias = Run.randomWide(manager, 8, 2, 4);
        GradientCheck.assertGradients(
                in ->
                        WindowKernel.attendBiased(
                                in.get(0),
                                in.get(1),
                                in.get(2),
                                new Window(2, 1),
                                null,
                                in.get(3),
                                0,
                                0.7),
                1e-6,
                q,
                k,
                v,
                bias);
    }

    @Test
    void bfloat16StaysCloseToFloat32() {
        NDArray q = Run.random(manager, 1, B, H, 150, DH);
        NDArray k = Run.random(manager, 2, B, 2, 150, DH);
        NDArray keyMask = padding(150);
        NDArray wide = WindowKernel.attend(q, k, k, Window.causal(20), keyMask, 0, null);
        NDArray narrow = LinearKernel.cast(k, Precision.BFLOAT16);
        NDArray y =
                WindowKernel.attend(
                        LinearKernel.cast(q, Precision.BFLOAT16),
                        narrow,
                        narrow,
                        Window.causal(20),
                        keyMask,
                        0,
                        null);
        assertClose(wide, LinearKernel.cast(y, Precision.FLOAT32), 2e-2);
    }

    @Test
    void dropoutKeepsTheMean() {
        NDArray q = Run.random(manager, 1, 1, 1, 2000, DH);
        NDArray k = Run.random(manager, 2, 1, 1, 2000, DH);
        NDArray ones = k.onesLike();
        PyTorch.seed(3);
        NDArray y = WindowKernel.attend(q, k, ones, Window.causal(30), null, 0.25, null);
        assertClose(new double[] {1}, y.mean(), 0.02);
        assertEquals(true, y.max().getFloat() > 1.1);
    }

    @Test
    void errorsNameTheNumbers() {
        assertEquals(
                "before and after must be >= 0, got before=3, after=-1",
                message(() -> new Window(3, -1)));
        assertEquals("size must be >= 1, got size=0", message(() -> Window.causal(0)));
        NDArray q = Run.random(manager, 1, 1, 1, 3, 2);
        NDArray k = Run.random(manager, 1, 1, 1, 2, 2);
        assertEquals(
                "T must be <= S, got T=3, S=2",
                message(() -> WindowKernel.attend(q, k, k, Window.causal(2), null, 0, null)));
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
