package org.jzoo.blocks.feedforward.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jzoo.blocks.check.Close.assertClose;
import static org.jzoo.blocks.check.Close.assertRelativelyClose;
import static org.jzoo.blocks.check.Close.assertSame;
import static org.jzoo.blocks.check.Close.values;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.check.GradientCheck;
import org.jzoo.blocks.check.PartContract;
import org.jzoo.blocks.check.Run;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.feedforward.GatedFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.Checkpoints;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;

class ExpertsFeedForwardTest {

    private static final int DIM = 4;
    private static final int E = 3;
    private static final DenseFeedForwardOption DENSE =
            new DenseFeedForwardOption(7, Activation.GELU, true, 0);
    private static final GatedFeedForwardOption GATED =
            new GatedFeedForwardOption(5, Activation.SILU, false, 0);

    private static ExpertsOption.Builder topTwo() {
        return ExpertsOption.builder()
                .setNumExperts(E)
                .setExpert(DENSE)
                .setRouter(TopKRouterOption.mixtral(2));
    }

    @Nested
    class TopTwoWithEverything extends PartContract {
        @Override
        protected Part create() {
            return topTwo().setExpert(new GatedFeedForwardOption(5, Activation.SILU, true, 0.1))
                    .setRouter(
                            new TopKRouterOption(
                                    2, true, true, true, 0.1, true, ExpertCapacity.ofFactor(1)))
                    .optShared(DENSE, true)
                    .optLoss(new RouterLoss(0.01, 0.001, RouterLoss.Scope.LAYER))
                    .build()
                    .create(DIM);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, DIM);
        }
    }

    @Nested
    class ExpertChoice extends PartContract {
        @Override
        protected Part create() {
            return topTwo().setRouter(new ExpertChoiceRouterOption(1.5, true, 0.1))
                    .optNumGroups(0)
                    .build()
                    .create(DIM);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 2, 5, DIM);
        }
    }

    @Nested
    class Stacked extends PartContract {
        @Override
        protected Part create() {
            return new StackedLinear(3, 4, 5, true);
        }

        @Override
        protected NDArray input(NDManager manager) {
            return Run.random(manager, 1, 3, 2, 4);
        }
    }

    private static void set(Part part, String path, double... values) {
        Run.set(ParameterPaths.of(part).get(path).getArray(), values);
    }

    /**
     * Two experts of width 1 on one feature: up 1 and 2, down 10 and 100; positive x to the second.
     */
    private static Part byHand(NDManager manager, TopKRouterOption router) {
        Part part =
                Run.initialized(
                        ExpertsOption.builder()
                                .setNumExperts(2)
                                .setExpert(new DenseFeedForwardOption(1, Activation.RELU, false, 0))
                                .setRouter(router)
                                .build()
                                .create(1),
                        manager,
                        1);
        set(part, "router.weight", -1, 1);
        set(part, "up.weight", -1, 2);
        set(part, "down.weight", 10, 100);
        return part;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Test
    void topOneByHand() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = byHand(manager, TopKRouterOption.switchTransformer(0, null));
            NDArray x = manager.create(new float[] {3, -0.5f}, new Shape(1, 2, 1));
            ForwardContext context =
                    new ForwardContext()
                            .withCapture(ExpertsFeedForward.LOAD)
                            .withCapture(ExpertsFeedForward.PROBABILITIES);
            NDArray y = Run.infer(part, x, context);
            assertClose(new double[] {600 * sigmoid(6), 5 * sigmoid(1)}, y, 1e-4);
            assertClose(new double[] {0.5, 0.5}, context.captured().get("expertLoad"), 0);
            assertClose(
                    new double[] {sigmoid(-6), sigmoid(6), sigmoid(1), sigmoid(-1)},
                    context.captured().get("routerProbabilities"),
                    1e-6);
        }
    }

    @Test
    void overflowingTokensGetZeros() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part =
                    byHand(
                            manager,
                            TopKRouterOption.switchTransformer(0, ExpertCapacity.ofTokens(1)));
            NDArray x = manager.create(new float[] {3, 3, -0.5f, 3}, new Shape(1, 4, 1));
            ForwardContext context = new ForwardContext().withCapture(ExpertsFeedForward.LOAD);
            double[] y = values(Run.infer(part, x, context));
            assertEquals(600 * sigmoid(6), y[0], 1e-3);
            assertEquals(0, y[1]);
            assertEquals(5 * sigmoid(1), y[2], 1e-5);
            assertEquals(0, y[3]);
            assertClose(new double[] {0.25, 0.25}, context.captured().get("expertLoad"), 0);
        }
    }

    @Test
    void oneExpertEqualsADenseFeedForward() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part experts =
                    Run.initialized(
                            topTwo().setNumExperts(1)
                                    .setExpert(GATED)
                                    .setRouter(TopKRouterOption.switchTransformer(0, null))
                                    .build()
                                    .create(DIM),
                            manager,
                            1);
            Part gated = Run.initialized((Part) GATED.create(DIM), manager, 2);
            for (String map : List.of("gate.weight", "up.weight", "down.weight")) {
                set(gated, map, values(ParameterPaths.of(experts).get(map).getArray()));
            }
            NDArray x = Run.random(manager, 3, 2, 6, DIM);
            assertClose(
                    Run.infer(gated, x, new ForwardContext()),
                    Run.infer(experts, x, new ForwardContext()),
                    1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSharedExpertIsAddedToEveryToken(boolean gate) {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part =
                    Run.initialized(
                            topTwo().optShared(GATED, gate).build().create(DIM), manager, 1);
            Part alone = Run.initialized(topTwo().build().create(DIM), manager, 1);
            ParameterPaths.of(alone)
                    .forEach(
                            (path, parameter) ->
                                    set(
                                            alone,
                                            path,
                                            values(ParameterPaths.of(part).get(path).getArray())));
            NDArray x = Run.random(manager, 3, 2, 6, DIM);
            NDArray shared = Run.infer(part.part("shared"), x, new ForwardContext());
            if (gate) {
                double[] w = values(ParameterPaths.of(part).get("sharedGate.weight").getArray());
                double[] features = values(x);
                double[] s = values(shared);
                for (int i = 0; i < s.length; i++) {
                    double logit = 0;
                    for (int d = 0; d < DIM; d++) {
                        logit += w[d] * features[i / DIM * DIM + d];
                    }
                    s[i] *= sigmoid(logit);
                }
                shared = manager.create(s).reshape(x.getShape());
            }
            NDArray routed = Run.infer(alone, x, new ForwardContext());
            double[] expected = values(shared);
            double[] some = values(routed);
            for (int i = 0; i < some.length; i++) {
                expected[i] += some[i];
            }
            assertClose(expected, Run.infer(part, x, new ForwardContext()), 1e-5);
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            // With as many choices as experts no token changes sides on the way.
            Part part =
                    Run.initialized(
                            topTwo().setRouter(TopKRouterOption.mixtral(E))
                                    .optShared(DENSE, true)
                                    .build()
                                    .create(DIM),
                            manager,
                            2);
            GradientCheck.assertGradients(
                    in -> Run.forward(part, in.head(), true, new ForwardContext()),
                    5e-3,
                    Run.random(manager, 3, 1, 3, DIM));
        }
    }

    @Test
    void paddingGetsZerosAndChangesNothingElse() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part =
                    Run.initialized(
                            topTwo().setRouter(
                                            TopKRouterOption.builder()
                                                    .setTopK(2)
                                                    .optCapacity(ExpertCapacity.ofTokens(3))
                                                    .build())
                                    .optLoss(new RouterLoss(1, 1, RouterLoss.Scope.LAYER))
                                    .build()
                                    .create(DIM),
                            manager,
                            1);
            NDArray x = Run.random(manager, 3, 1, 8, DIM);
            ForwardContext plain = new ForwardContext();
            NDArray expected = Run.infer(part, x.get(":, 2:"), plain);
            NDArray mask =
                    manager.create(
                            new boolean[] {false, false, true, true, true, true, true, true},
                            new Shape(1, 8));
            ForwardContext masked = new ForwardContext().withMask(mask);
            NDArray y = Run.infer(part, x, masked);
            assertClose(new double[2 * DIM], y.get(":, :2"), 0);
            assertClose(expected, y.get(":, 2:"), 1e-6);
            plain.losses()
                    .forEach((name, loss) -> assertClose(loss, masked.losses().get(name), 1e-6));
        }
    }

    @Test
    void disturbancesAreOffOutsideTraining() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part =
                    Run.initialized(
                            topTwo().setRouter(
                                            new TopKRouterOption(
                                                    2, true, false, true, 0.3, true, null))
                                    .build()
                                    .create(DIM),
                            manager,
                            1);
            NDArray x = Run.random(manager, 3, 2, 9, DIM);
            NDArray first = Run.infer(part, x, new ForwardContext());
            assertSame(first, Run.infer(part, x, new ForwardContext()));
            try (GradientMode off = GradientMode.off()) {
                double[] noisy = values(Run.forward(part, x, true, new ForwardContext()));
                double[] again = values(Run.forward(part, x, true, new ForwardContext()));
                assertTrue(!java.util.Arrays.equals(noisy, again), "no disturbance");
            }
        }
    }

    @Test
    void bfloat16IsCloseAndTheRouterStaysFloat32() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part =
                    Run.initialized(
                            topTwo().optShared(GATED, true).build().create(DIM), manager, 1);
            NDArray x = Run.random(manager, 3, 2, 9, DIM);
            ForwardContext exact =
                    new ForwardContext().withCapture(ExpertsFeedForward.PROBABILITIES);
            ForwardContext narrow =
                    new ForwardContext()
                            .withCapture(ExpertsFeedForward.PROBABILITIES)
                            .withPrecision(Precision.BFLOAT16);
            assertRelativelyClose(Run.infer(part, x, exact), Run.infer(part, x, narrow), 0.03);
            assertSame(
                    exact.captured().get("routerProbabilities"),
                    narrow.captured().get("routerProbabilities"));
        }
    }

    private static Transformer stack(NDManager manager, RouterLoss.Scope scope) {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder().setHeads(2, DIM).build(),
                        topTwo().optLoss(new RouterLoss(0.3, 0.2, scope)).build(),
                        new LayerNormOption(1e-5),
                        NormPlacement.PRE,
                        0);
        return Run.initialized(
                new Transformer(TransformerConfig.uniform(DIM, 3, layer, null)), manager, 5);
    }

    @Test
    void aStackLeavesOneLossOverAllLayersOrOneForEach() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray x = Run.random(manager, 3, 2, 6, DIM);
            ForwardContext each = new ForwardContext();
            Run.infer(stack(manager, RouterLoss.Scope.LAYER), x, each);
            assertEquals(
                    List.of(
                            "layers.0.expertBalance",
                            "layers.0.routerZ",
                            "layers.1.expertBalance",
                            "layers.1.routerZ",
                            "layers.2.expertBalance",
                            "layers.2.routerZ"),
                    List.copyOf(each.losses().keySet()));
            ForwardContext all = new ForwardContext();
            Run.infer(stack(manager, RouterLoss.Scope.STACK), x, all);
            assertEquals(List.of("expertBalance", "routerZ"), List.copyOf(all.losses().keySet()));
            double z =
                    each.losses().entrySet().stream()
                            .filter(e -> e.getKey().endsWith("routerZ"))
                            .mapToDouble(e -> e.getValue().getFloat() / 3)
                            .sum();
            assertEquals(z, all.losses().get("routerZ").getFloat(), 1e-5);
        }
    }

    @ParameterizedTest
    @EnumSource(RouterLoss.Scope.class)
    void checkpointsGiveTheLossesTheSameGradients(RouterLoss.Scope scope) {
        try (NDManager manager = PyTorch.newBaseManager()) {
            Map<String, float[]> expected = gradients(manager, scope, false);
            Map<String, float[]> found = gradients(manager, scope, true);
            assertTrue(Run.largest(expected.get("layers.0.feedForward.router.weight")) > 1e-3);
            expected.forEach(
                    (path, gradient) ->
                            assertClose(
                                    manager.create(gradient),
                                    manager.create(found.get(path)),
                                    1e-6));
        }
    }

    /** Of the losses alone. */
    private static Map<String, float[]> gradients(
            NDManager manager, RouterLoss.Scope scope, boolean recompute) {
        Transformer stack = stack(manager, scope);
        try (NDManager step = manager.newSubManager();
                GradientMode on = GradientMode.on()) {
            NDArray x = Run.random(step, 3, 2, 6, DIM);
            ForwardContext context = new ForwardContext();
            Checkpoints checkpoints = recompute ? new Checkpoints(1, context) : null;
            context.withCheckpoints(checkpoints);
            NDArray y =
                    stack.forward(
                                    new ParameterStore(step, false),
                                    new NDList(x),
                                    true,
                                    context.asParams())
                            .singletonOrThrow();
            NDArray total =
                    context.losses().values().stream().reduce(LinearKernel::add).orElseThrow();
            NDArray loss = LinearKernel.add(total, y.zerosLike().mul(y).sum());
            GradientMode.backward(loss);
            if (recompute) {
                checkpoints.backward();
            }
            return Run.gradients(stack);
        }
    }

    private static void assertMessage(String expected, Executable action) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, action).getMessage());
    }

    @Test
    void errorsNameTheNumbers() {
        assertMessage(
                "numExperts must be >= 1 and numGroups >= 0, got numExperts=0, numGroups=1",
                () -> topTwo().setNumExperts(0).build());
        assertMessage(
                "topK must be <= numExperts, got topK=2, numExperts=1",
                () -> topTwo().setNumExperts(1).build());
        assertMessage(
                "factor must be <= numExperts, got factor=4.0, numExperts=3",
                () -> topTwo().setRouter(new ExpertChoiceRouterOption(4, false, 0)).build());
        assertMessage(
                "balance must be 0 where experts choose, which balances them, got balance=0.1",
                () ->
                        topTwo().setRouter(new ExpertChoiceRouterOption(2, false, 0))
                                .optLoss(new RouterLoss(0.1, 0, RouterLoss.Scope.LAYER))
                                .build());
        assertMessage(
                "sharedGate must have a shared expert, got sharedGate=true, shared=null",
                () -> topTwo().optShared(null, true).build());
        assertTrue(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> topTwo().setExpert(topTwo().build()).build())
                        .getMessage()
                        .startsWith("expert must be a dense or a gated feed-forward, got expert="));
        assertMessage("topK must be >= 1, got topK=0", () -> TopKRouterOption.mixtral(0));
        assertMessage(
                "normalized must be false for one choice, whose weight would always be 1, got"
                        + " normalized=true, topK=1",
                () -> TopKRouterOption.builder().setTopK(1).optNormalized(true).build());
        assertMessage(
                "secondAtRandom must have topK=2 and normalized=true, got topK=3, normalized=true",
                () -> TopKRouterOption.builder().setTopK(3).optSecondAtRandom(true).build());
        assertMessage(
                "jitter must be in [0, 1), got jitter=1.0",
                () -> TopKRouterOption.switchTransformer(1, null));
        assertMessage(
                "factor must be > 0, got factor=0.0",
                () -> new ExpertChoiceRouterOption(0, false, 0));
        assertMessage(
                "one of factor and tokens must be > 0 and the other 0, got factor=1.0, tokens=2",
                () -> new ExpertCapacity(1, 2));
        assertMessage(
                "balance and z must be >= 0 and finite, got balance=-1.0, z=0.0",
                () -> new RouterLoss(-1, 0, RouterLoss.Scope.LAYER));
        try (NDManager manager = PyTorch.newBaseManager()) {
            Part part = Run.initialized(topTwo().optNumGroups(4).build().create(DIM), manager, 1);
            NDArray x = Run.random(manager, 1, 2, 5, DIM);
            assertMessage(
                    "numGroups must divide B·T, got numGroups=4, B=2, T=5",
                    () -> Run.infer(part, x, new ForwardContext()));
        }
    }
}
