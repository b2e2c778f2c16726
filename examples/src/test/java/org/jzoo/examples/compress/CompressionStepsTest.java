package org.jzoo.examples.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.blocks.quantization.PackedMaps;
import org.jzoo.blocks.quantization.ScaleRule;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextColumns;
import org.jzoo.datasets.text.TextFiles;
import org.jzoo.datasets.text.TextSource;
import org.jzoo.examples.finetune.TextBatches;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.training.compression.distillation.Distillation;
import org.jzoo.training.compression.distillation.TaughtBatches;
import org.jzoo.training.compression.pruning.FirstOrder;
import org.jzoo.training.compression.pruning.StackCut;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.training.compression.quantization.EmbeddingPacking;
import org.jzoo.training.compression.quantization.QuantizationAware;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loop.TrainingLoop;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.optimizer.AdamWConfig;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorType;

/** The example of this package's documentation, word for word. */
final class CompressionStepsTest {

    private static LoadedModel whole() throws IOException {
        EncoderConfig encoder =
                new PostNormEncoder(30522, 128, 4, 8, 640, Activation.GELU, 0, 0, 1e-12)
                        .config(new LearnedPositionOption(64), 64, 2, 0, false);
        ClassificationTask task =
                new ClassificationTask(List.of("bad", "fine"), false, HeadOption.MEAN);
        try (InputStream in =
                CompressionStepsTest.class.getResourceAsStream(
                        "/all-minilm-l6-v2-tokenizer.json")) {
            return LoadedModel.fresh(
                    "tiny",
                    ModelConfig.of("bert", encoder, task),
                    TextTokenizer.of(in.readAllBytes(), 64),
                    5,
                    Device.cpu());
        }
    }

    private static TextData data(Path folder, LoadedModel whole) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("texts.csv"),
                        "text,label\na fine day,fine\na bad day,bad\nso fine,fine\nso bad,bad\n");
        TextSource source =
                TextFiles.open(file, new TextColumns("text", null, "label", TargetKind.CLASS));
        return new TextData("texts", "", source, null, source, CompressedTask.labels(whole), false);
    }

    private static void steps(LoadedModel whole, TextData data, Path folder) throws IOException {
        try (EncodedDataset texts = data.encoded(data.train(), whole, 64)) {
            Batches batches = new TextBatches(texts, BatchingConfig.training(32, 17));

            // What the loss depends on: heads, channels, layers.
            FirstOrder scoring = new FirstOrder(new CrossEntropy(), batches, 64);
            StackImportance importance = scoring.of((Part) whole.block());

            // What matters most stays: 3 layers, of each 6 heads and 512 channels.
            StackCut cut = StackCut.best(importance, 3, 6, 512);
            LoadedModel small = SmallerModel.cut(whole, cut, Device.cpu());

            // It learns from the labels, and from what the whole model says.
            Batches taught = new TaughtBatches(batches, whole.block(), Precision.FLOAT32);
            Loss loss = new Distillation(new CrossEntropy(), 0.3, 2);
            train(small, taught, loss, 10);

            // It goes on with matrices rounded to 4 bits; their scales learn, too.
            new QuantizationAware(
                            WeightGrid.perGroup(4, 32), ScaleRule.LEARNED, List.of("encoder.*"))
                    .apply((Part) small.block());
            train(small, taught, loss, 3);

            // Matrices are packed in 4 bits, tables of words in 8, what is left is saved in 16.
            QuantizationAware.pack((Part) small.block());
            EmbeddingPacking.perRow(8).apply((Part) small.block());
            ModelFolder.save(folder, small, "# Small", TensorType.F16);
            small.close();
        }
    }

    private static void train(LoadedModel model, Batches batches, Loss loss, int epochs) {
        TrainingLoop.builder()
                .setModel(model.block())
                .setLoss(loss)
                .setBatches(batches)
                .setConfig(TrainingConfig.builder().optEpochs(epochs).build())
                .setOptimizer(AdamWConfig.builder().setLearningRate(3e-4).build())
                .build()
                .run();
    }

    @Test
    void theFiveStepsEndInASmallPackedModelOfTheZoo(@TempDir Path temporary) throws Exception {
        Path folder = temporary.resolve("small");
        try (LoadedModel whole = whole()) {
            steps(whole, data(temporary, whole), folder);
            try (LoadedModel small = ModelFolder.load(folder, Device.cpu())) {
                EncoderConfig encoder = (EncoderConfig) small.config().model();
                assertEquals(new SizePlan(3, 6, 512), SizePlan.of(encoder));
                assertFalse(PackedMaps.of((Part) small.block()).isEmpty());
                assertEquals(2, small.classify("a fine day").items().size());
                long bytes = Files.size(folder.resolve(Safetensors.FILE_NAME));
                assertTrue(4 * bytes < Float.BYTES * whole.numParameters(), bytes + " bytes");
            }
        }
    }

    @Test
    void theyReadAsInTheDocumentation() throws Exception {
        Path sources = Path.of("src");
        String here = "java/org/jzoo/examples/compress/";
        String example =
                Files.readString(sources.resolve("main/" + here + "package-info.java"))
                        .replaceAll("(?s).*<pre>[{]@code|[}]</pre>.*", "");
        String test =
                Files.readString(sources.resolve("test/" + here + "CompressionStepsTest.java"));
        assertTrue(example.contains("FirstOrder"), example);
        for (String statement : words(example).split("[;{]", -1)) {
            assertTrue(words(test).contains(statement), statement);
        }
    }

    // Without the stars of a comment, and without spaces.
    private static String words(String text) {
        return text.lines()
                .map(line -> line.strip().replaceFirst("^[*] ?", ""))
                .collect(Collectors.joining())
                .replaceAll("\\s+|private", "");
    }
}
