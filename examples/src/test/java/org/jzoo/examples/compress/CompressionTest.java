package org.jzoo.examples.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuned;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.training.compression.distillation.InternalKind;
import org.jzoo.training.compression.distillation.InternalTerm;
import org.jzoo.training.tuning.Tuning;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.text.TextTokenizer;

final class CompressionTest {

    private static final int LENGTH = 16;
    private static final List<String> TEXTS =
            List.of("a fine day", "a bad day", "fine, fine!", "bad and worse", "so fine", "so bad");

    private static LoadedModel whole() throws IOException {
        EncoderConfig encoder =
                new PostNormEncoder(30522, 8, 3, 2, 32, Activation.GELU, 0, 0, 1e-12)
                        .config(new LearnedPositionOption(LENGTH), LENGTH, 2, 0, false);
        ClassificationTask task =
                new ClassificationTask(List.of("bad", "fine"), false, HeadOption.MEAN);
        try (InputStream in =
                CompressionTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            return LoadedModel.fresh(
                    "tiny",
                    ModelConfig.of("bert", encoder, task),
                    TextTokenizer.of(in.readAllBytes(), LENGTH),
                    5,
                    Device.cpu());
        }
    }

    private static CompressConfig config(double share) {
        return CompressConfig.builder()
                .setShare(share)
                .setTraining(
                        FineTuneConfig.builder()
                                .optModel("tiny")
                                .optTuning(Tuning.full())
                                .optEpochs(30)
                                .optBatchSize(6)
                                .optMaxLength(LENGTH)
                                .optLearningRate(2e-2)
                                .optPrecision(Precision.FLOAT32)
                                .optDevice(Device.cpu())
                                .build())
                .optFewerTokens(true)
                .optLabelShare(0)
                .optTemperature(1)
                .optImportanceBatches(3)
                .build();
    }

    private static TextData data(Path folder, LoadedModel model) throws IOException {
        StringBuilder csv = new StringBuilder("text,label\n");
        for (String text : TEXTS) {
            csv.append('"')
                    .append(text)
                    .append("\",")
                    .append(text.contains("fine") ? "fine" : "bad");
            csv.append('\n');
        }
        Path file = Files.writeString(folder.resolve("texts.csv"), csv);
        TextSource source =
                TextFiles.open(file, new TextColumns("text", null, "label", TargetKind.CLASS));
        return new TextData("texts", "", source, null, source, CompressedTask.labels(model), false);
    }

    @Test
    void theSmallModelFitsTheBudgetAndLearnsWhatTheWholeOneSays(@TempDir Path folder)
            throws Exception {
        try (LoadedModel whole = whole()) {
            TextData data = data(folder, whole);
            try (Compression compression = Compression.of(whole, config(0.08), data)) {
                assertEquals(
                        compression.measure(whole).get("accuracy"),
                        compression.before().get("fewer tokens").get("accuracy"));
                assertEquals(
                        compression.measure(whole).get("loss"),
                        compression.before().get("fewer tokens").get("loss"),
                        1e-6);
                try (FineTuned small = compression.training().run()) {
                    assertTrue(small.model().numParameters() <= 0.08 * whole.numParameters());
                    double apart = 0;
                    for (String text : TEXTS) {
                        apart =
                                Math.max(
                                        apart,
                                        Math.abs(
                                                small.model()
                                                                .classify(text)
                                                                .get("fine")
                                                                .getProbability()
                                                        - whole.classify(text)
                                                                .get("fine")
                                                                .getProbability()));
                    }
                    assertTrue(apart < 0.02, "apart by " + apart);
                }
            }
        }
    }

    @Test
    void aBudgetThatHoldsNothingSaysWhatDoes(@TempDir Path folder) throws Exception {
        try (LoadedModel whole = whole()) {
            TextData data = data(folder, whole);
            IllegalArgumentException error =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> Compression.of(whole, config(0.001), data));
            assertTrue(error.getMessage().startsWith("budget must be >= "), error.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> config(2));
        assertThrows(IllegalArgumentException.class, () -> config(0));
    }

    @Test
    void severalCutsEndAtTheSizeOfOne(@TempDir Path folder) throws Exception {
        try (LoadedModel whole = whole()) {
            TextData data = data(folder, whole);
            IllegalArgumentException error =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> Compression.of(whole, config(0.001), data));
            // One layer with one head: two of them lie between that and three with two each.
            String least = error.getMessage().replaceAll("budget must be >= ([0-9,]+) .*", "$1");
            double share =
                    (Integer.parseInt(least.replace(",", "")) + 99.0) / whole.numParameters();
            try (Compression compression = Compression.inCuts(whole, config(share), data, 2)) {
                assertEquals(new SizePlan(1, 1, 16), compression.plan());
                assertEquals(1, compression.cutsLeft());
                assertThrows(IllegalStateException.class, compression::training);
                FineTuneConfig brief = config(share).training().with(1, 1e-2, null);
                long before = Long.MAX_VALUE;
                while (compression.cutsLeft() > 0) {
                    LoadedModel recovered = compression.recovery(brief).run().model();
                    assertTrue(recovered.numParameters() < before, "weights " + before);
                    assertTrue(compression.hasSizeSoFar(recovered));
                    assertFalse(compression.hasPlannedSize(recovered));
                    before = recovered.numParameters();
                    compression.cutAgain(recovered);
                }
                try (FineTuned small = compression.training().run()) {
                    assertTrue(compression.hasPlannedSize(small.model()));
                    assertTrue(small.model().numParameters() < before);
                }
                assertThrows(IllegalStateException.class, () -> compression.cutAgain(whole));
            }
        }
    }

    @Test
    void relationsOfTheLastLayersAreFollowedWhateverTheHeads(@TempDir Path folder)
            throws Exception {
        try (LoadedModel whole = whole();
                Compression compression =
                        Compression.of(whole, config(0.08), data(folder, whole))
                                .followingRelations(3)) {
            List<InternalTerm> terms =
                    new Followed(0, 3)
                            .terms(whole, whole, Map.of("encoder.transformer", List.of(0, 2)));
            assertEquals(
                    List.of(
                            new InternalTerm(InternalKind.QUERIES, 2, 2, 2, 1),
                            new InternalTerm(InternalKind.KEYS, 2, 2, 2, 1),
                            new InternalTerm(InternalKind.VALUES, 2, 2, 2, 1)),
                    terms);
            try (FineTuned small = compression.training().run()) {
                assertTrue(Double.isFinite(small.training().loss()));
            }
            assertThrows(IllegalArgumentException.class, () -> compression.followingRelations(-1));
        }
    }

    @Test
    void sizesOnTheWayLeaveAboutTheSameShare() {
        SizePlan whole = new SizePlan(12, 12, 1536);
        assertEquals(
                List.of(
                        new SizePlan(12, 8, 912),
                        new SizePlan(12, 5, 544),
                        new SizePlan(12, 3, 320)),
                whole.towards(new SizePlan(12, 3, 320), 3));
        assertEquals(List.of(whole), whole.towards(whole, 1));
        assertThrows(IllegalArgumentException.class, () -> whole.towards(whole, 0));
    }

    @Test
    void aTableOfLowRankIsWrittenAsTwoWithoutLossAndOthersBestWhereTokensAreFrequent()
            throws IOException {
        try (LoadedModel whole = whole()) {
            long[] counts = new long[30522];
            TextTokenizer tokenizer = whole.tokenizer();
            for (long id : tokenizer.encode("a fine day").ids()) {
                counts[(int) id] = 1_000_000_000;
            }
            // Five tokens count (a, fine, day and the frame): they vary in four directions.
            try (LoadedModel narrow = SmallerModel.factorised(whole, 4, counts, Device.cpu())) {
                assertEquals(4, SmallerModel.encoder(narrow).tokenRank());
                assertEquals(
                        whole.classify("a fine day").get("fine").getProbability(),
                        narrow.classify("a fine day").get("fine").getProbability(),
                        1e-4);
                assertEquals(
                        whole.numParameters() - 30522L * 8 + 30522L * 4 + 4 * 8 + 8,
                        narrow.numParameters());
                assertThrows(
                        IllegalArgumentException.class,
                        () -> SmallerModel.factorised(narrow, 2, counts, Device.cpu()));
            }
        }
    }

    @Test
    void layersGoFirstAndHeadsAndChannelsAlike() throws IOException {
        try (LoadedModel whole = whole()) {
            EncoderConfig encoder = SmallerModel.encoder(whole);
            assertEquals(new SizePlan(3, 2, 32), SizePlan.within(encoder, 0, 1_000_000));
            // A whole layer has 872 weights, one of a head and 16 channels 460.
            assertEquals(new SizePlan(3, 1, 16), SizePlan.within(encoder, 100, 100 + 2 * 872));
            assertEquals(new SizePlan(3, 1, 16), SizePlan.within(encoder, 0, 3 * 460));
            assertEquals(new SizePlan(2, 1, 16), SizePlan.within(encoder, 0, 3 * 460 - 1));
            // What is left over goes to channels, 16 at a time, if all layers can have them.
            assertEquals(new SizePlan(3, 1, 32), SizePlan.within(encoder, 0, 3 * 732));
            assertEquals(new SizePlan(1, 1, 16), SizePlan.within(encoder, 0, 460));
        }
    }
}
