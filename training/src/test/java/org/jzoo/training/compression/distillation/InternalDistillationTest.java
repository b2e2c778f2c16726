package org.jzoo.training.compression.distillation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LossKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.transformer.LayerConfig;
import org.jzoo.blocks.transformer.NormPlacement;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.blocks.transformer.TransformerConfig;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.optimizer.AdamWConfig;

final class InternalDistillationTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray array(Shape shape, double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return manager.create(floats, shape);
    }

    private static double number(NDArray scalar) {
        return scalar.toFloatArray()[0];
    }

    @Test
    void hiddenStatesAreComparedOverTheTokensThatCount() {
        NDArray student = array(new Shape(1, 3, 2), 1, 2, 3, 4, 100, 100);
        NDArray teacher = array(new Shape(1, 3, 2), 0, 0, 3, 2, 0, 0);
        NDArray mask = manager.create(new boolean[] {true, true, false}, new Shape(1, 3));
        // ((1 + 4) / 2 + (0 + 4) / 2) / 2
        assertEquals(2.25, number(LossKernel.hiddenDistance(student, teacher, mask)), 1e-6);
        // over (0 + (9 + 4) / 2) / 2
        assertEquals(2.25 / 3.25, number(LossKernel.hiddenShare(student, teacher, mask)), 1e-6);
    }

    @Test
    void kindsOfHiddenStatesLineUpAlike() {
        List<InternalTerm> plain = InternalTerm.hidden(List.of(1, 3), 5, 6);
        List<InternalTerm> shares = InternalTerm.hiddenShare(List.of(1, 3), 5, 6);
        assertEquals(
                List.of(
                        InternalTerm.hidden(0, 0, 2),
                        InternalTerm.hidden(1, 3, 2),
                        InternalTerm.hidden(2, 5, 2)),
                plain);
        for (int i = 0; i < 3; i++) {
            assertEquals(plain.get(i).teacherLayer(), shares.get(i).teacherLayer());
            assertEquals(InternalKind.HIDDEN_SHARE, shares.get(i).kind());
        }
    }

    @Test
    void attentionIsComparedByItsDivergence() {
        NDArray student = array(new Shape(1, 1, 2, 2), 0.5, 0.5, 0.25, 0.75);
        NDArray teacher = array(new Shape(1, 1, 2, 2), 0.75, 0.25, 0.25, 0.75);
        double first = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
        assertEquals(
                first / 2, number(LossKernel.attentionDivergence(student, teacher, null)), 1e-6);
    }

    @Test
    void relationsAreComparedAcrossWidthsAndHideWhatIsMasked() {
        // One relation head: the student has two features, the teacher one; the third token is
        // hidden.
        NDArray student = array(new Shape(1, 3, 2), 1, 0, 0, 0, 9, 9);
        NDArray teacher = array(new Shape(1, 3, 1), 2, 0, 5);
        NDArray mask = manager.create(new boolean[] {true, true, false}, new Shape(1, 3));
        double studentFirst = 1 / (1 + Math.exp(-1 / Math.sqrt(2)));
        double teacherFirst = 1 / (1 + Math.exp(-4));
        double divergence =
                teacherFirst * Math.log(teacherFirst / studentFirst)
                        + (1 - teacherFirst) * Math.log((1 - teacherFirst) / (1 - studentFirst));
        // The second token relates to both alike in both models.
        assertEquals(
                divergence / 2,
                number(LossKernel.relationDivergence(student, teacher, 1, mask)),
                1e-5);
    }

    @Test
    void layersMeetWhatTheTeacherHandsToTheNextKeptOne() {
        assertEquals(
                List.of(
                        InternalTerm.hidden(0, 0, 0.5),
                        InternalTerm.hidden(1, 4, 0.5),
                        InternalTerm.hidden(2, 5, 0.5),
                        InternalTerm.hidden(3, 6, 0.5)),
                InternalTerm.hidden(List.of(1, 4, 5), 6, 2));
    }

    private static Transformer stack(int layers, int heads, int channels) {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(2, 8)
                                .build()
                                .withHeads(heads, heads),
                        new DenseFeedForwardOption(channels, Activation.GELU, true, 0),
                        new LayerNormOption(1e-5),
                        NormPlacement.POST,
                        0);
        return new Transformer(TransformerConfig.uniform(8, layers, layer, null));
    }

    private Transformer initialized(Transformer stack, int seed) {
        PyTorch.seed(seed);
        stack.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 8));
        return stack;
    }

    /** One batch of two texts of three tokens, the last of them padding. */
    private static final class OneBatch implements Batches {

        @Override
        public int size(int epoch) {
            return 1;
        }

        @Override
        public TrainingBatch batch(int epoch, int index, NDManager manager) {
            float[] values = new float[2 * 3 * 8];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(i * i);
            }
            return TrainingBatch.builder()
                    .setInputs(new NDList(manager.create(values, new Shape(2, 3, 8))))
                    .optMask(
                            manager.create(
                                    new boolean[] {true, true, true, true, true, false},
                                    new Shape(2, 3)))
                    .setExamples(2)
                    .build();
        }
    }

    private double lossOf(Transformer student, Transformer teacher, List<InternalTerm> terms) {
        InternalDistillation loss = new InternalDistillation(null, terms);
        TrainingBatch batch =
                new TaughtInternals(new OneBatch(), teacher, terms, Precision.FLOAT32)
                        .batch(0, 0, manager);
        ForwardContext context = batch.context(Precision.FLOAT32);
        loss.captures().forEach(context::withCapture);
        try (GradientMode off = GradientMode.off()) {
            NDList outputs =
                    student.forward(
                            new ParameterStore(manager, false),
                            batch.inputs(),
                            false,
                            context.asParams());
            return number(loss.compute(outputs, batch.labels(), context));
        }
    }

    @Test
    void aModelIsAsFarFromItselfAsNothingInAnyKind() {
        Transformer teacher = initialized(stack(3, 2, 12), 3);
        Transformer other = initialized(stack(3, 2, 12), 4);
        for (InternalKind kind : InternalKind.values()) {
            List<InternalTerm> terms = List.of(new InternalTerm(kind, 2, 2, 2, 1));
            assertEquals(0, lossOf(teacher, teacher, terms), 1e-6, kind.name());
            assertTrue(lossOf(other, teacher, terms) > 1e-9, kind.name());
        }
    }

    @Test
    void aSmallerStudentComesNearInEachKindThatItsSizesAllow() {
        Transformer teacher = initialized(stack(4, 2, 12), 5);
        for (InternalKind kind : Set.of(InternalKind.HIDDEN, InternalKind.VALUES)) {
            Transformer student = initialized(stack(2, 1, 5), 6);
            List<InternalTerm> terms = List.of(new InternalTerm(kind, 1, 3, 1, 1));
            double before = lossOf(student, teacher, terms);
            TrainingLoop.builder()
                    .setModel(student)
                    .setLoss(new InternalDistillation(null, terms))
                    .setBatches(
                            new TaughtInternals(new OneBatch(), teacher, terms, Precision.FLOAT32))
                    .setConfig(TrainingConfig.builder().optSteps(60).build())
                    .setOptimizer(AdamWConfig.of(1e-2))
                    .build()
                    .run();
            double after = lossOf(student, teacher, terms);
            assertTrue(after < before / 3, kind + " from " + before + " to " + after);
        }
    }

    @Test
    void theLastLayerTeachesTheOthersAndGetsNoGradientFromThem() {
        Transformer model = initialized(stack(2, 2, 6), 7);
        SelfDistillation loss =
                new SelfDistillation(
                        (o, l, c) ->
                                LossKernel.scale(
                                        LossKernel.hiddenDistance(o.head(), o.head(), null), 1),
                        2,
                        3);
        TrainingBatch batch = new OneBatch().batch(0, 0, manager);
        ForwardContext context = batch.context(Precision.FLOAT32);
        loss.captures().forEach(context::withCapture);
        NDList outputs =
                model.forward(
                        new ParameterStore(manager, false),
                        batch.inputs(),
                        true,
                        context.asParams());
        double hint =
                number(
                        LossKernel.hiddenDistance(
                                context.captured().get("layers.1.hidden"),
                                outputs.head(),
                                batch.mask()));
        NDArray value = loss.compute(outputs, batch.labels(), context);
        assertEquals(3 * hint, number(value), 1e-5);
    }

    @Test
    void selfDistillationLeavesTheLastLayerAlone() {
        Transformer model = initialized(stack(2, 2, 6), 7);
        ParameterPaths.of(model).values().forEach(p -> p.getArray().setRequiresGradient(true));
        SelfDistillation loss =
                new SelfDistillation(
                        (o, l, c) -> LossKernel.scale(LossKernel.projection(o.head()), 0), 2, 1);
        try (GradientMode on = GradientMode.on()) {
            TrainingBatch batch = new OneBatch().batch(0, 0, manager);
            ForwardContext context = batch.context(Precision.FLOAT32);
            loss.captures().forEach(context::withCapture);
            NDList outputs =
                    model.forward(
                            new ParameterStore(manager, false),
                            batch.inputs(),
                            true,
                            context.asParams());
            GradientMode.backward(loss.compute(outputs, batch.labels(), context));
        }
        assertEquals(0, gradient(model, "layers.1.feedForward.up.weight"), 0);
        assertTrue(gradient(model, "layers.0.feedForward.up.weight") > 0);
    }

    private static double gradient(Transformer model, String path) {
        NDArray gradient = ParameterPaths.of(model).get(path).getArray().getGradient();
        double sum = 0;
        for (float each : gradient.toFloatArray()) {
            sum += Math.abs(each);
        }
        return sum;
    }

    @Test
    void saysWhichLayersThereAre() {
        Transformer teacher = initialized(stack(2, 2, 6), 8);
        IllegalArgumentException error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> lossOf(teacher, teacher, List.of(InternalTerm.hidden(0, 7, 1))));
        assertTrue(
                error.getMessage()
                        .startsWith("layer must be one that the model has, got layers.7.hidden"),
                error.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> new InternalDistillation(null, List.of()));
        assertThrows(IllegalArgumentException.class, () -> InternalTerm.hidden(0, 0, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SelfDistillation((o, l, c) -> null, 1, 1));
    }
}
