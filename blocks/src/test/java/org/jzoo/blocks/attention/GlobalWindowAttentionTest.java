package org.jzoo.blocks.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.jzoo.blocks.check.Close.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.kernel.AttentionKernel;
import org.jzoo.blocks.kernel.AttentionKernel.Scores;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;

class GlobalWindowAttentionTest {

    private static final int B = 3;
    private static final int T = 75;
    private static final int DIM = 12;
    private static final int HEADS = 3;
    private static final GlobalWindowOption OPTION = new GlobalWindowOption(HEADS, 8, true, 0);

    /** The first token global wherever the context says nothing, so that every map takes part. */
    private static final class FirstGlobal extends Part {

        FirstGlobal() {
            child("attention", OPTION.create(DIM));
        }

        @Override
        protected NDList forward(NDList inputs, org.jzoo.blocks.part.Pass pass) {
            NDArray x = inputs.singletonOrThrow();
            long rows = x.getShape().get(0);
            int length = (int) x.getShape().get(1);
            boolean[] first = new boolean[(int) rows * length];
            for (int i = 0; i < first.length; i += length) {
                first[i] = true;
            }
            pass.context().withGlobalTokens(x.getManager().create(first, new Shape(rows, length)));
            return list(pass.run(part("attention"), x));
        }
    }

    @Nested
    class Contract extends PartContract {
        @Override
        protected Part create() {
            return new FirstGlobal();
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, DIM);
        }
    }

    @Test
    void aGlobalTokenByHand() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            GlobalWindowAttention part =
                    Run.initialized(new GlobalWindowOption(1, 2, false, 0).create(1), manager, 1);
            Map<String, Double> weights =
                    Map.of(
                            "query", 0.0,
                            "key", 1.0,
                            "value", 1.0,
                            "globalQuery", 0.0,
                            "globalKey", 1.0,
                            "globalValue", 10.0,
                            "output", 1.0);
            weights.forEach(
                    (name, w) ->
                            Run.set(ParameterPaths.of(part).get(name + ".weight").getArray(), w));
            NDArray x = manager.create(new float[] {1, 2, 4, 8, 16}, new Shape(1, 5, 1));
            NDArray globals =
                    manager.create(
                            new boolean[] {true, false, false, false, false}, new Shape(1, 5));
            // Queries of zero weigh alike: position 0 sees all, the others their neighbours and 0.
            assertClose(
                    new double[] {310.0 / 5, 7.0 / 3, 15.0 / 4, 29.0 / 4, 25.0 / 3},
                    Run.infer(part, x, new ForwardContext().withGlobalTokens(globals)),
                    1e-5);
        }
    }

    private static NDArray booleans(NDManager manager, java.util.function.IntPredicate where) {
        boolean[] values = new boolean[B * T];
        for (int i = 0; i < values.length; i++) {
            values[i] = where.test(i);
        }
        return manager.create(values, new Shape(B, T));
    }

    /** No global token in row 1, three in row 0, two in row 2, one of them padding. */
    private static NDArray globals(NDManager manager) {
        return booleans(
                manager, i -> i == 0 || i == 30 || i == 31 || i == 2 * T + 4 || i == 2 * T + T - 1);
    }

    private static NDArray padding(NDManager manager) {
        return booleans(manager, i -> i < 2 * T ? i % T != 50 : i % T < 60);
    }

    @Test
    void equalsTwoFullAttentionsWithMasks() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            GlobalWindowAttention part = Run.initialized(OPTION.create(DIM), manager, 2);
            NDArray x = Run.random(manager, 3, B, T, DIM);
            NDArray globals = globals(manager);
            NDArray mask = padding(manager);
            ForwardContext context = new ForwardContext().withMask(mask).withGlobalTokens(globals);
            assertClose(explicit(part, x, globals, mask), Run.infer(part, x, context), 1e-5);
            NDArray none = booleans(manager, i -> false);
            assertClose(
                    explicit(part, x, none, mask),
                    Run.infer(part, x, new ForwardContext().withMask(mask)),
                    1e-5);
            assertClose(
                    explicit(part, x, none, mask),
                    Run.infer(part, x, new ForwardContext().withMask(mask).withGlobalTokens(none)),
                    1e-5);
        }
    }

    private static NDArray explicit(Part part, NDArray x, NDArray globals, NDArray mask) {
        NDManager manager = x.getManager();
        boolean[] global = globals.toBooleanArray();
        boolean[] real = mask.toBooleanArray();
        boolean[] near = new boolean[B * T * T];
        boolean[] all = new boolean[B * T * T];
        for (int i = 0; i < near.length; i++) {
            int query = i / T / T * T + i / T % T;
            int key = i / T / T * T + i % T;
            boolean both = real[query] && real[key];
            near[i] = both && !global[query] && (global[key] || Math.abs(query - key) <= 4);
            all[i] = both && global[query];
        }
        NDArray sum =
                attend(part, x, "query", "key", "value", manager.create(near, new Shape(B, T, T)))
                        .add(
                                attend(
                                        part,
                                        x,
                                        "globalQuery",
                                        "globalKey",
                                        "globalValue",
                                        manager.create(all, new Shape(B, T, T))));
        return run((Linear) part.part("output"), sum);
    }

    private static NDArray attend(
            Part part, NDArray x, String query, String key, String value, NDArray pairs) {
        return AttentionKernel.attend(
                run((Linear) part.part(query), x),
                run((Linear) part.part(key), x),
                run((Linear) part.part(value), x),
                HEADS,
                HEADS,
                Scores.masked(pairs),
                0);
    }

    private static NDArray run(Linear map, NDArray x) {
        return map.forward(new ParameterStore(x.getManager(), false), new NDList(x), false)
                .singletonOrThrow();
    }

    @Test
    void shownWeightsAreThoseThatWereUsed() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            GlobalWindowAttention part = Run.initialized(OPTION.create(DIM), manager, 2);
            NDArray x = Run.random(manager, 3, B, T, DIM);
            NDArray mask = padding(manager);
            for (NDArray globals : new NDArray[] {null, globals(manager)}) {
                ForwardContext plain =
                        new ForwardContext().withMask(mask).withGlobalTokens(globals);
                ForwardContext shown =
                        new ForwardContext()
                                .withMask(mask)
                                .withGlobalTokens(globals)
                                .withCapture(SelfAttention.WEIGHTS);
                assertClose(Run.infer(part, x, plain), Run.infer(part, x, shown), 1e-5);
                NDArray weights = shown.captured().get(SelfAttention.WEIGHTS);
                assertEquals(new Shape(B, HEADS, T, T), weights.getShape());
                // Every real token's weights sum to 1, those of padding to 0.
                assertClose(
                        mask.toType(DataType.FLOAT32, true).expandDims(1).broadcast(B, HEADS, T),
                        weights.sum(new int[] {3}),
                        1e-5);
            }
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            GlobalWindowAttention part =
                    Run.initialized(new GlobalWindowOption(2, 2, true, 0).create(4), manager, 2);
            NDArray globals =
                    manager.create(
                            new boolean[] {
                                false, true, false, false, true, false, true, false, false, false
                            },
                            new Shape(2, 5));
            GradientCheck.assertGradients(
                    in ->
                            Run.forward(
                                    part,
                                    in.head(),
                                    true,
                                    new ForwardContext().withGlobalTokens(globals)),
                    5e-3,
                    Run.random(manager, 3, 2, 5, 4));
        }
    }

    @Test
    void withoutGlobalTokensTheGlobalMapsGetNoGradient() {
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            GlobalWindowAttention part = Run.initialized(OPTION.create(DIM), manager, 2);
            NDArray x = Run.random(manager, 3, B, T, DIM);
            GradientMode.backward(Run.forward(part, x, true, new ForwardContext()));
            Run.gradients(part)
                    .forEach(
                            (path, gradient) ->
                                    assertEquals(
                                            path.startsWith("global"),
                                            Run.largest(gradient) == 0,
                                            path));
        }
    }

    @Test
    void errorsNameTheNumbers() {
        assertEquals(
                "numHeads must be >= 1, got numHeads=0",
                message(() -> new GlobalWindowOption(0, 8, true, 0)));
        assertEquals(
                "window must be even and >= 2, got window=7",
                message(() -> new GlobalWindowOption(3, 7, true, 0)));
        assertEquals(
                "dropout must be in [0, 1), got dropout=1.0",
                message(() -> new GlobalWindowOption(3, 8, true, 1)));
        assertEquals(
                "numHeads must divide dim, got numHeads=3, dim=10",
                message(() -> OPTION.create(10)));
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = Run.initialized(OPTION.create(DIM), manager, 2);
            NDArray pairs = Run.randomMask(manager, 1, 0.5, 1, 2, 2);
            assertEquals(
                    "mask must be (B, T) for attention in windows, got mask=(1, 2, 2)",
                    message(
                            () ->
                                    Run.infer(
                                            part,
                                            Run.random(manager, 1, 1, 2, DIM),
                                            new ForwardContext().withMask(pairs))));
        }
    }

    private static String message(org.junit.jupiter.api.function.Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
