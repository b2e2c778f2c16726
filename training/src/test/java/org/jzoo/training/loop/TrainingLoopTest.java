package org.jzoo.training.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.embedding.TokenEmbedding;
import org.jzoo.blocks.feedforward.FeedForwardOption;
import org.jzoo.blocks.kernel.EmbeddingKernel;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.Pass;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.metric.Accuracy;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.training.optimizer.Schedule;

final class TrainingLoopTest {

    @TempDir Path folder;
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    static TrainingConfig.Builder config() {
        return TrainingConfig.builder().optSeed(11);
    }

    static TrainingLoop.Builder loop(Block model, TrainingConfig config) {
        return TrainingLoop.builder()
                .setModel(model)
                .setLoss(new CrossEntropy())
                .setBatches(Rows.learnable(26, 4, 3L))
                .setConfig(config)
                .setOptimizer(AdamWConfig.of(3e-3))
                .optSchedule(Schedule.linear().withWarmupSteps(2));
    }

    private static Map<String, float[]> weights(Block model) {
        Map<String, float[]> weights = new TreeMap<>();
        Trainables.all(model).forEach((path, p) -> weights.put(path, p.toFloatArray()));
        return weights;
    }

    static void assertSameWeights(Block expected, Block actual) {
        Map<String, float[]> other = weights(actual);
        weights(expected).forEach((path, w) -> assertArrayEquals(w, other.get(path), path));
    }

    private static boolean sameWeights(Block a, Block b) {
        try {
            assertSameWeights(a, b);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    @Test
    void learnsWhatCanBeLearned() {
        TinyBert model = TinyBert.seeded(manager, 1, 0);
        Rows rows = Rows.learnable(64, 8, 3L);
        TrainingResult result =
                loop(model, config().optEpochs(25).optWatch(new Watch("accuracy", true)).build())
                        .setBatches(rows)
                        .optEvaluation(
                                new ModelEvaluation(rows, new CrossEntropy())
                                        .with(new Accuracy(List.of("without", "with"))))
                        .build()
                        .run();
        assertEquals(TrainingResult.End.COMPLETED, result.end());
        assertEquals(200, result.step());
        assertEquals(1600, result.examples());
        assertEquals(1600 * 9, result.tokens());
        assertEquals(1, result.bestMetrics().get("accuracy"), 0.02);
        assertTrue(result.loss() < 0.2, "loss " + result.loss());
    }

    @Test
    void sameSeedGivesTheSameWeightsBitForBit() {
        TinyBert first = TinyBert.seeded(manager, 1, 0.2);
        TinyBert second = TinyBert.seeded(manager, 1, 0.2);
        TinyBert otherSeed = TinyBert.seeded(manager, 1, 0.2);
        loop(first, config().optEpochs(1).build()).build().run();
        loop(second, config().optEpochs(1).build()).build().run();
        loop(otherSeed, config().optEpochs(1).optSeed(12).build()).build().run();
        assertSameWeights(first, second);
        assertFalse(sameWeights(first, otherSeed));
    }

    @Test
    void frozenParametersStayAndGetNoGradient() {
        TinyBert model = TinyBert.seeded(manager, 1, 0);
        TinyBert before = TinyBert.seeded(manager, 1, 0);
        model.part("body").freezeParameters(true);
        TrainingLoop loop = loop(model, config().optEpochs(1).build()).build();
        loop.run();
        assertSameWeights(before.part("body"), model.part("body"));
        assertFalse(sameWeights(before.part("pooler"), model.part("pooler")));
        Trainables.all(model.part("body")).values().forEach(p -> assertFalse(p.hasGradient()));
    }

    @Test
    void parameterLineHasTheKnownForm() {
        TinyBert model = TinyBert.seeded(manager, 1, 0);
        model.freezeParameters(true);
        model.part("classifier").freezeParameters(false);
        assertEquals(
                "trainable params: 26 || all params: 3,090 || trainable%: 0.8414",
                loop(model, config().build()).build().parameters().line());
    }

    @Test
    void lastStepOfAnEpochTakesWhatIsLeft() {
        // 26 rows in batches of 4: seven batches, so that steps hold 3, 3 and 1 of them.
        List<StepReport> steps = new ArrayList<>();
        loop(TinyBert.seeded(manager, 1, 0), config().optEpochs(2).optAccumulation(3).build())
                .optCallback(steps(steps))
                .build()
                .run();
        assertEquals(
                List.of(12L, 12L, 2L, 12L, 12L, 2L),
                steps.stream().map(StepReport::examples).toList());
        assertEquals(List.of(0, 0, 0, 1, 1, 1), steps.stream().map(StepReport::epoch).toList());
        assertEquals(6, steps.get(0).totalSteps());
    }

    @Test
    void batchesOfAStepCountByTheirWeight() {
        // One step over all rows is the same in batches of 26 and of 4, 4, 4, 4, 4, 4 and 2.
        TinyBert whole = TinyBert.seeded(manager, 1, 0);
        TinyBert parts = TinyBert.seeded(manager, 1, 0);
        List<StepReport> steps = new ArrayList<>();
        for (int size : new int[] {26, 4}) {
            loop(size == 26 ? whole : parts, config().optSteps(1).optAccumulation(7).build())
                    .setBatches(Rows.learnable(26, size, null))
                    .optSchedule(Schedule.constant())
                    .optCallback(steps(steps))
                    .build()
                    .run();
        }
        assertEquals(steps.get(0).loss(), steps.get(1).loss(), 1e-6);
        assertEquals(steps.get(0).gradientNorm(), steps.get(1).gradientNorm(), 1e-6);
    }

    @Test
    void checkpointedLayersGiveTheSameWeightsWithDropout() {
        // Dropout draws from other seeds, so that both runs need to be checkpointed.
        TinyBert first = TinyBert.seeded(manager, 1, 0.3);
        TinyBert second = TinyBert.seeded(manager, 1, 0.3);
        TrainingConfig config = config().optSteps(6).optActivationCheckpointing(true).build();
        loop(first, config).build().run();
        loop(second, config).build().run();
        assertSameWeights(first, second);
    }

    @Test
    void bfloat16LearnsNearlyTheSame() {
        List<StepReport> full = new ArrayList<>();
        List<StepReport> half = new ArrayList<>();
        loop(TinyBert.seeded(manager, 1, 0), config().optSteps(8).build())
                .optCallback(steps(full))
                .build()
                .run();
        loop(
                        TinyBert.seeded(manager, 1, 0),
                        config().optSteps(8).optPrecision(Precision.BFLOAT16).build())
                .optCallback(steps(half))
                .build()
                .run();
        for (int i = 0; i < 8; i++) {
            assertEquals(full.get(i).loss(), half.get(i).loss(), 0.02);
        }
        assertFalse(full.get(7).loss() == half.get(7).loss());
    }

    @Test
    void auxiliaryLossesAreAddedAndReported() {
        Loss withAuxiliary =
                (outputs, labels, context) -> {
                    NDArray task = new CrossEntropy().compute(outputs, labels, context);
                    context.addLoss("again", LossKernel.scale(task, 0.5));
                    return task;
                };
        List<StepReport> steps = new ArrayList<>();
        loop(TinyBert.seeded(manager, 1, 0), config().optSteps(1).optAccumulation(2).build())
                .setLoss(withAuxiliary)
                .optCallback(steps(steps))
                .build()
                .run();
        loop(TinyBert.seeded(manager, 1, 0), config().optSteps(1).optAccumulation(2).build())
                .optCallback(steps(steps))
                .build()
                .run();
        assertEquals(1.5 * steps.get(1).loss(), steps.get(0).loss(), 1e-6);
        assertEquals(0.5 * steps.get(1).loss(), steps.get(0).auxiliaryLoss(), 1e-6);
        assertEquals(1.5 * steps.get(1).gradientNorm(), steps.get(0).gradientNorm(), 1e-6);
    }

    @Test
    void auxiliaryLossesOfCheckpointedLayersGetTheirGradients() {
        List<StepReport> steps = new ArrayList<>();
        for (boolean checkpointing : new boolean[] {false, true}) {
            PyTorch.seed(1);
            Part model = new Noted();
            model.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
            loop(
                            model,
                            config().optSteps(3)
                                    .optAccumulation(2)
                                    .optActivationCheckpointing(checkpointing)
                                    .build())
                    .optCallback(steps(steps))
                    .build()
                    .run();
        }
        for (int i = 0; i < 3; i++) {
            assertTrue(steps.get(i).auxiliaryLoss() > 0.1);
            assertEquals(steps.get(i).auxiliaryLoss(), steps.get(i + 3).auxiliaryLoss(), 1e-5);
            assertEquals(steps.get(i).gradientNorm(), steps.get(i + 3).gradientNorm(), 1e-5);
            assertEquals(steps.get(i).loss(), steps.get(i + 3).loss(), 1e-5);
        }
    }

    /** A classifier whose layers leave the mean square of their output as a loss. */
    private static final class Noted extends Part {

        Noted() {
            child("tokens", new TokenEmbedding(31, 8, TokenEmbedding.NO_PADDING));
            LayerConfig layer =
                    new LayerConfig(
                            SelfAttentionOption.builder().setHeads(2, 8).build(),
                            new NotedOption(),
                            new LayerNormOption(1e-5),
                            NormPlacement.PRE,
                            0);
            child("body", new Transformer(TransformerConfig.uniform(8, 2, layer, null)));
            child("classifier", new Linear(8, 2, true));
        }

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            NDArray x = pass.run(part("tokens"), inputs.singletonOrThrow()); // (B, T, D)
            NDArray pooled = EmbeddingKernel.meanPool(pass.run(part("body"), x), null); // (B, D)
            return list(pass.run(part("classifier"), pooled));
        }
    }

    private record NotedOption() implements FeedForwardOption {

        @Override
        public Block create(int dim) {
            return new NotedFeedForward(dim);
        }
    }

    private static final class NotedFeedForward extends Part {

        NotedFeedForward(int dim) {
            child("map", new Linear(dim, dim, true));
        }

        @Override
        protected NDList forward(NDList inputs, Pass pass) {
            NDArray y = pass.run(part("map"), inputs.singletonOrThrow());
            NDArray square = LossKernel.meanSquaredError(y, y.onesLike());
            pass.context().addLoss("square", LossKernel.scale(square, 0.3));
            return list(y);
        }
    }

    @Test
    void stopsEarlyAndRestoresTheBestModel() {
        TinyBert model = TinyBert.seeded(manager, 1, 0);
        List<Map<String, float[]>> seen = new ArrayList<>();
        double[] scores = {0.5, 0.7, 0.7, Double.NaN, 0.6, 0.9};
        TrainingResult result =
                loop(
                                model,
                                config().optSteps(30)
                                        .optEvaluateEvery(2)
                                        .optPatience(3)
                                        .optWatch(new Watch("score", true))
                                        .build())
                        .optEvaluation(
                                (block, precision) -> {
                                    assertFalse(GradientMode.isOn());
                                    seen.add(weights(block));
                                    return Map.of("score", scores[seen.size() - 1]);
                                })
                        .build()
                        .run();
        assertEquals(TrainingResult.End.EARLY_STOPPED, result.end());
        assertEquals(10, result.step());
        assertEquals(4, result.bestStep());
        assertEquals(0.7, result.bestMetrics().get("score"));
        assertEquals(0.6, result.lastMetrics().get("score"));
        weights(model).forEach((path, w) -> assertArrayEquals(seen.get(1).get(path), w, path));
    }

    @Test
    void notANumberStopsWithStepRowsAndCheckpoint() {
        TinyBert model = TinyBert.seeded(manager, 1, 0);
        Loss broken =
                new Loss() {
                    private int calls;

                    @Override
                    public NDArray compute(
                            NDList outputs,
                            NDList labels,
                            org.jzoo.blocks.part.ForwardContext context) {
                        NDArray loss = new CrossEntropy().compute(outputs, labels, context);
                        return ++calls < 6 ? loss : LossKernel.scale(loss, Double.NaN);
                    }
                };
        DivergenceException e =
                assertThrows(
                        DivergenceException.class,
                        () ->
                                loop(model, config().optSteps(9).optCheckpointEvery(2).build())
                                        .setBatches(Rows.learnable(26, 3, null))
                                        .setLoss(broken)
                                        .optCheckpointFolder(folder)
                                        .build()
                                        .run());
        assertEquals(
                "loss must be finite, got loss=NaN at step 6 (rows [16, 17, 18]); last good"
                        + " checkpoint: "
                        + folder.resolve("step-4"),
                e.getMessage());
        assertEquals(6, e.step());
        // The bad update did not reach the parameters.
        weights(model).values().forEach(w -> assertTrue(Float.isFinite(w[0])));
    }

    @Test
    void exchangeGetsEveryTrainableGradientInPlace() {
        TinyBert model = TinyBert.seeded(manager, 1, 0);
        TinyBert before = TinyBert.seeded(manager, 1, 0);
        int all = Trainables.of(model).size();
        loop(model, config().optSteps(3).build())
                .setOptimizer(AdamWConfig.builder().setLearningRate(1).optWeightDecay(0).build())
                .optGradientExchange(
                        (gradients, weight) -> {
                            assertEquals(all, gradients.size());
                            assertEquals(4, weight);
                            gradients.forEach(g -> g.subi(g));
                        })
                .build()
                .run();
        assertSameWeights(before, model);
    }

    @Test
    void rejectsWatchThatTheEvaluationDoesNotHave() {
        TrainingLoop.Builder builder =
                loop(
                                TinyBert.seeded(manager, 1, 0),
                                config().optWatch(new Watch("f1", true)).build())
                        .optEvaluation(
                                new ModelEvaluation(
                                        Rows.learnable(8, 4, null), new CrossEntropy()));
        assertEquals(
                "watch must name a metric of the evaluation [loss], got watch=f1",
                assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }

    @Test
    void reportsComeInOrder() {
        List<String> events = new ArrayList<>();
        TrainingResult result =
                loop(TinyBert.seeded(manager, 1, 0), config().optSteps(2).build())
                        .optEvaluation((model, precision) -> Map.of("loss", 1.0))
                        .optCheckpointFolder(folder)
                        .optCallback(
                                new TrainingCallback() {
                                    @Override
                                    public void onStart(RunStart start) {
                                        events.add("start " + start.totalSteps());
                                    }

                                    @Override
                                    public void onStep(StepReport step) {
                                        events.add("step " + step.step());
                                    }

                                    @Override
                                    public void onEvaluation(EvaluationReport report) {
                                        events.add("evaluation " + report.step());
                                    }

                                    @Override
                                    public void onCheckpoint(CheckpointReport report) {
                                        events.add("checkpoint " + report.step());
                                    }

                                    @Override
                                    public void onEnd(TrainingResult end) {
                                        events.add("end " + end.step());
                                    }
                                })
                        .build()
                        .run();
        assertEquals(
                List.of("start 2", "step 1", "step 2", "evaluation 2", "checkpoint 2", "end 2"),
                events);
        assertTrue(result.checkpointSaved());
        assertNull(
                loop(TinyBert.seeded(manager, 1, 0), config().optSteps(1).build())
                        .build()
                        .run()
                        .checkpoint());
    }

    private static TrainingCallback steps(List<StepReport> steps) {
        return new TrainingCallback() {
            @Override
            public void onStep(StepReport step) {
                steps.add(step);
            }
        };
    }
}
