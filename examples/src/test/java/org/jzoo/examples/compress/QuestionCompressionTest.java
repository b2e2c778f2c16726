package org.jzoo.examples.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.fusion.JointFusionOption;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.examples.finetune.FusedMasks;
import org.jzoo.examples.finetune.QuestionData;
import org.jzoo.training.compression.pruning.StackCut;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.training.compression.pruning.Stacks;
import org.jzoo.training.loop.TrainingBatch;
import org.jzoo.training.tuning.Tuning;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.TensorType;

final class QuestionCompressionTest {

    private static final Set<String> STACKS =
            Set.of("text.transformer", "image.transformer", "fusion.transformer");

    @TempDir private Path folder;

    private static CompressConfig config(double share) {
        return CompressConfig.builder()
                .setShare(share)
                .setTraining(
                        FineTuneConfig.builder()
                                .optModel("tiny-j1")
                                .optTuning(Tuning.full())
                                .optEpochs(25)
                                .optBatchSize(24)
                                .optLearningRate(5e-3)
                                .optPrecision(Precision.FLOAT32)
                                .optDevice(Device.cpu())
                                .build())
                .optFewerTokens(false)
                .optLabelShare(0)
                .optTemperature(1)
                .optImportanceBatches(2)
                .build();
    }

    @Test
    void everyStackShrinksWithinOneBudgetAndTheRestLearnsFromTheWhole() throws Exception {
        QuestionData data = TinyJ1.data(folder);
        try (LoadedModel whole = TinyJ1.model();
                Compression compression =
                        Compression.inCuts(whole, config(0.5), data, 1).followingHiddenStates(1)) {
            assertEquals(STACKS, compression.cuts().keySet());
            assertEquals(3, compression.planned().size());
            assertEquals(
                    List.of("text 1", "text 2", "image 1", "fusion 1", "fusion 2", "fusion 3"),
                    compression.layerNames());
            assertEquals(6, compression.headShares().length);
            Map<String, Double> cut = compression.before().get("cut");
            FineTuning training = compression.training();
            try (FineTuned small = training.run()) {
                LoadedModel model = small.model();
                assertTrue(model.numParameters() <= 0.5 * whole.numParameters());
                assertEquals(compression.planned(), compression.shape(model));
                assertTrue(compression.shape(whole).get(2).startsWith("fusion: 3 of 3 layers"));
                assertTrue(model.numParameters() > 0.45 * whole.numParameters());
                assertTrue(compression.hasPlannedSize(model));
                J1Config numbers = (J1Config) model.config().model();
                assertEquals(
                        compression.cuts().get("fusion.transformer").layers().size(),
                        ((JointFusionOption) numbers.fusion()).stack().numLayers());
                double start = distance(whole, cut.get("loss"), compression);
                double end = distance(whole, compression.measure(model).get("loss"), compression);
                assertTrue(end < start, start + " became " + end);
                assertTrue(training.card(small).contains("tiny-j1"));
                ModelFolder.save(folder.resolve("small"), model, "# Small", TensorType.F32);
            }
            packsWhatWasTaught(compression);
        }
    }

    private static double distance(LoadedModel whole, double loss, Compression compression)
            throws Exception {
        return Math.abs(compression.measure(whole).get("loss") - loss);
    }

    private void packsWhatWasTaught(Compression compression) throws Exception {
        LoadedModel taught = ModelFolder.load(folder.resolve("small"), Device.cpu());
        FineTuning rounding =
                compression.rounding(taught, 4, config(0.5).training().with(1, 1e-4, null));
        try (FineTuned rounded = rounding.run()) {
            Map<String, Double> before = compression.measure(rounded.model());
            RoundedStudent.pack(rounded.model());
            Path packed = folder.resolve("packed");
            ModelFolder.save(packed, rounded.model(), "# Packed", TensorType.F32);
            try (LoadedModel read = ModelFolder.load(packed, Device.cpu())) {
                Set<String> maps = PackedMaps.of((Part) read.block()).keySet();
                assertTrue(
                        maps.containsAll(
                                List.of("imageProjection", "head.dense", "fusion.modulation")),
                        maps.toString());
                assertTrue(!maps.contains("head.output"), maps.toString());
                assertEquals(before.get("loss"), compression.measure(read).get("loss"), 1e-3);
                IllegalArgumentException error =
                        assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        Compression.inCuts(
                                                read, config(0.5), TinyJ1.data(folder), 1));
                assertEquals(
                        "model must have plain weights to be compressed, got the packed model"
                                + " packed",
                        error.getMessage());
            }
        }
    }

    @Test
    void aBudgetForAllKeepsAllAndAnswersAlike() throws Exception {
        try (LoadedModel whole = TinyJ1.model();
                Compression compression =
                        Compression.inCuts(whole, config(1), TinyJ1.data(folder), 1)) {
            Map<String, Map<String, Double>> before = compression.before();
            assertEquals(before.get("whole"), before.get("cut"));
            assertEquals(
                    "fusion: 3 of 3 layers, 12 heads, 192 channels", compression.planned().get(2));
        }
    }

    @Test
    void severalCutsLeaveAboutAsMuchEachAndHiddenStatesFollowTheLayersThatAreLeft()
            throws Exception {
        QuestionData data = TinyJ1.data(folder);
        try (LoadedModel whole = TinyJ1.model();
                Compression compression =
                        Compression.inCuts(whole, config(0.49), data, 2).followingHiddenStates(1)) {
            FineTuneConfig brief = config(0.49).training().with(1, 1e-3, null);
            LoadedModel between = compression.recovery(brief).run().model();
            assertEquals(0.7, between.numParameters() / (double) whole.numParameters(), 0.05);
            assertTrue(compression.hasSizeSoFar(between));
            assertThrows(IllegalStateException.class, compression::training);
            compression.cutAgain(between);
            try (FineTuned small = compression.training().run()) {
                assertTrue(small.model().numParameters() <= 0.49 * whole.numParameters());
                assertTrue(compression.hasPlannedSize(small.model()));
                assertTrue(Double.isFinite(small.training().loss()));
            }
            assertThrows(IllegalStateException.class, compression::plan);
        }
    }

    @Test
    void headsAndChannelsCountWithinTheirStackAndStaysWhatMattersMost() {
        try (LoadedModel whole = TinyJ1.model()) {
            Part block = (Part) whole.block();
            // A thousand times larger derivatives in the text take nothing from the others.
            Map<String, StackImportance> importance =
                    Map.of(
                            "text.transformer", importance(2, 1000, 1),
                            "image.transformer", importance(1, 1, 0),
                            "fusion.transformer", importance(3, 1, 2));
            Map<String, StackCut> cuts = CutPlan.within(Stacks.of(block), importance, 0, 20_000);
            assertEquals(List.of(1), layers(cuts.get("text.transformer")));
            assertEquals(List.of(2), layers(cuts.get("fusion.transformer")).subList(0, 1));
            assertTrue(cuts.get("fusion.transformer").layers().get(0).heads().contains(3));
            IllegalArgumentException error =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> CutPlan.within(Stacks.of(block), importance, 100, 6_000));
            assertTrue(error.getMessage().startsWith("budget must be >= "), error.getMessage());
        }
    }

    private static List<Integer> layers(StackCut cut) {
        return cut.layers().stream().map(layer -> layer.layer()).toList();
    }

    // One layer is worth a hundred times the others, its last head ten times its others.
    private static StackImportance importance(int layers, double scale, int best) {
        double[][] heads = new double[layers][];
        double[][] channels = new double[layers][];
        for (int l = 0; l < layers; l++) {
            double worth = l == best ? 100 * scale : scale;
            heads[l] = new double[] {worth, worth, worth, 10 * worth};
            channels[l] = IntStream.range(0, 64).mapToDouble(c -> worth).toArray();
        }
        return new StackImportance(
                heads, channels, Arrays.stream(heads).mapToDouble(h -> h[0]).toArray());
    }

    @Test
    void masksOfTheFusionLeaveOutPaddingAndWhatIsNotThere() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray ids = manager.zeros(new Shape(2, 3), DataType.INT64);
            NDArray mask =
                    manager.create(
                            new boolean[] {true, true, true, true, false, false}, new Shape(2, 3));
            NDArray images = manager.zeros(new Shape(1, 3, 4, 4));
            NDArray pairs = manager.create(new long[] {1, 0, 0, 0}, new Shape(2, 2));
            NDArray present =
                    manager.create(new boolean[] {true, true, false, true}, new Shape(2, 2));
            assertArrayEquals(
                    new boolean[] {true, false, false, true, true, true, true, true, true, true},
                    masks(new NDList(ids, mask, images, pairs), manager));
            assertArrayEquals(
                    new boolean[] {true, false, false, true, true, true, false, false, true, true},
                    masks(new NDList(ids, mask, images, pairs, present), manager));
        }
    }

    private static boolean[] masks(NDList inputs, NDManager manager) {
        TrainingBatch plain = TrainingBatch.builder().setInputs(inputs).setExamples(2).build();
        FusedMasks masked =
                new FusedMasks(
                        new org.jzoo.training.loop.Batches() {
                            @Override
                            public int size(int epoch) {
                                return 1;
                            }

                            @Override
                            public TrainingBatch batch(int epoch, int index, NDManager scope) {
                                return plain;
                            }
                        },
                        2);
        assertNull(plain.mask());
        TrainingBatch batch = masked.batch(0, 0, manager);
        assertNotNull(batch.mask());
        return batch.mask().toBooleanArray();
    }

    @Test
    void modelsOfOtherKindsAreRefused() throws Exception {
        QuestionData data = TinyJ1.data(folder);
        try (LoadedModel picture =
                TinyJ1.model(((J1Config) TinyJ1.model().config().model()).imageOnly())) {
            IllegalArgumentException error =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> Compression.inCuts(picture, config(0.5), data, 1));
            assertEquals(
                    "model must be a J1 that answers questions about pictures and reads both, got"
                            + " the architecture j1 with the task AnswerTask",
                    error.getMessage());
        }
        try (LoadedModel whole = TinyJ1.model()) {
            IllegalArgumentException error =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> Compression.inCuts(whole, config(0.01), data, 3));
            assertTrue(
                    error.getMessage()
                            .contains("of text.transformer, image.transformer, fusion.transformer"),
                    error.getMessage());
        }
    }
}
