package org.jzoo.examples.lite;

import ai.djl.Device;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.PostNormEncoder;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.weights.TensorType;

/** GLUE and a pretrained model small enough for tests of recipes. */
public final class TinyGlue {

    private static final int LENGTH = 128;

    private TinyGlue() {}

    private static void write(Path folder, String header, List<String> rows) throws IOException {
        Files.createDirectories(folder);
        String text = (header == null ? "" : header + "\n") + String.join("\n", rows) + "\n";
        Files.writeString(folder.resolve("train.tsv"), text);
        Files.writeString(folder.resolve("dev.tsv"), text);
    }

    /** Writes the folders of five tasks with two to four rows each. */
    public static Path glue(Path folder) throws IOException {
        write(
                folder.resolve("SST-2"),
                "sentence\tlabel",
                List.of("a fine day\t1", "a bad day\t0", "so fine\t1", "so bad\t0"));
        write(
                folder.resolve("CoLA"),
                null,
                List.of("g\t1\t\tthe day is fine", "g\t0\t*\tday the fine is"));
        String mrpc = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String";
        write(
                folder.resolve("MRPC"),
                mrpc,
                List.of("1\t1\t2\ta fine day\tfine is the day", "0\t1\t2\ta day\tso bad"));
        write(
                folder.resolve("RTE"),
                "index\tsentence1\tsentence2\tlabel",
                List.of("0\ta fine day\ta day\tentailment", "1\ta day\tbad\tnot_entailment"));
        write(
                folder.resolve("STS-B"),
                "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2"
                        + "\tscore",
                List.of(
                        "0\tg\tf\t1\t1\ts\ts\ta fine day\tfine day\t5.0",
                        "1\tg\tf\t1\t1\ts\ts\ta day\tbad\t1.0",
                        "2\tg\tf\t1\t1\ts\ts\tso bad\ta fine day\t0.0"));
        return folder;
    }

    /** Saves a sentence encoder of three layers of width 128. */
    public static Path model(Path folder) throws IOException {
        return model(folder, 128);
    }

    /** Saves a sentence encoder of three layers with two heads and 64 channels each. */
    public static Path model(Path folder, int dim) throws IOException {
        EncoderConfig encoder =
                new PostNormEncoder(30522, dim, 3, 2, 64, Activation.GELU, 0.1, 0, 1e-12)
                        .config(new LearnedPositionOption(LENGTH), LENGTH, 2, 0, false);
        try (InputStream in =
                        TinyGlue.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json");
                LoadedModel model =
                        LoadedModel.fresh(
                                "tiny",
                                ModelConfig.of(
                                        "bert", encoder, new EmbeddingTask(Pooling.FIRST, true)),
                                TextTokenizer.of(in.readAllBytes(), LENGTH),
                                5,
                                Device.cpu())) {
            ModelFolder.save(folder, model, "# Tiny\n", TensorType.F32);
        }
        return folder;
    }
}
