package org.jzoo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.blocks.embedding.PatchOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.position.LearnedPositionOption;
import org.jzoo.zoo.clip.ClipConfig;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.ImageEncoderConfig;
import org.jzoo.zoo.encoder.PreNormImageEncoder;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.ImageEmbeddingTask;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.weights.TensorType;

/** The commands on pictures. */
class PictureCommandsTest {

    private static final PreNormImageEncoder NUMBERS =
            new PreNormImageEncoder(8, 2, 2, 20, Activation.GELU, true, 0, 0, 1e-6);

    @TempDir static Path folder;
    private static String classifier;
    private static String encoder;
    private static String clip;
    private static String picture;
    private static String broken;

    @BeforeAll
    static void saveModels() throws IOException {
        ImageEncoderConfig image =
                NUMBERS.config(new PatchOption(3, 4, true), 8, false, ImagePreprocessing.clip(8));
        classifier =
                save(
                        ModelConfig.of(
                                "vit",
                                image,
                                new ImageClassificationTask(
                                        List.of("cat", "dog"),
                                        new HeadOption(Pooling.FIRST, null, 0))),
                        null);
        encoder =
                save(
                        ModelConfig.of(
                                "vit", image, new ImageEmbeddingTask(Pooling.MEAN, null, true)),
                        null);
        EncoderConfig text =
                new EncoderConfig(
                        30_522,
                        24,
                        0,
                        -1,
                        false,
                        new LearnedPositionOption(24),
                        null,
                        0,
                        NUMBERS.stack(true),
                        null);
        byte[] json;
        try (InputStream in =
                PictureCommandsTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            json = in.readAllBytes();
        }
        clip =
                save(
                        ModelConfig.of(
                                "clip",
                                new ClipConfig(text, image, 6, 102, 0, 2.6592),
                                new ImageTextTask()),
                        TextTokenizer.of(json, 24));
        Path file = folder.resolve("picture.png");
        ImageIO.write(new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        picture = file.toString();
        broken = Files.write(folder.resolve("broken.png"), new byte[] {1, 2}).toString();
    }

    private static String save(ModelConfig config, TextTokenizer tokenizer) throws IOException {
        Path to = folder.resolve(config.architecture() + config.task().getClass().getSimpleName());
        try (LoadedModel model = LoadedModel.fresh("tiny", config, tokenizer, 5, Device.cpu())) {
            ModelFolder.save(to, model, "# A card\n", TensorType.F32);
        }
        return to.toString();
    }

    private static JsonObject json(Shell shell) {
        assertEquals(Main.OK, shell.code(), shell.err());
        return JsonParser.parseString(shell.out().lines().findFirst().orElseThrow())
                .getAsJsonObject();
    }

    @Test
    void picturesAreClassified() {
        Shell table = Shell.run("predict", "--model", classifier, picture, picture);
        assertEquals(Main.OK, table.code(), table.err());
        assertTrue(table.out().contains("cat") && table.out().contains(picture), table.out());
        JsonObject line = json(Shell.run("predict", "--model", classifier, "--json", picture));
        assertEquals(2, line.getAsJsonObject("probabilities").size());
    }

    @Test
    void labelsInWordsAreChosen() {
        JsonObject line =
                json(
                        Shell.run(
                                "predict",
                                "--model",
                                clip,
                                "--labels",
                                "a cat, a dog,a cow",
                                "--json",
                                picture));
        assertTrue(line.getAsJsonObject("probabilities").has("a dog"), line.toString());
        Shell without = Shell.run("predict", "--model", clip, picture);
        assertTrue(without.err().contains("--labels must name"), without.err());
        Shell with = Shell.run("predict", "--model", classifier, "--labels", "a", picture);
        assertTrue(with.err().contains("--labels must be left out"), with.err());
    }

    @Test
    void picturesAndTextsBecomeVectors() {
        JsonObject seen = json(Shell.run("embed", "--model", encoder, picture));
        assertEquals(8, seen.getAsJsonArray("vector").size());
        JsonObject read = json(Shell.run("embed", "--model", clip, "a cat"));
        assertEquals(6, read.getAsJsonArray("vector").size());
        JsonObject compared =
                json(
                        Shell.run(
                                "embed",
                                "--model",
                                clip,
                                "--pictures",
                                "--similarity",
                                "--json",
                                picture));
        double cosine =
                compared.getAsJsonArray("cosine").get(0).getAsJsonArray().get(0).getAsDouble();
        assertEquals(1, cosine, 1e-6);
    }

    @Test
    void whatIsNoPictureIsAnswered() {
        Shell none = Shell.run("predict", "--model", classifier);
        assertTrue(none.err().contains("FILE must be one or more pictures"), none.err());
        Shell bad = Shell.run("predict", "--model", classifier, broken);
        assertEquals(Main.FAILED, bad.code());
        assertTrue(bad.err().contains("broken.png must be an undamaged picture"), bad.err());
    }

    @Test
    void modelsOfPicturesAreShown() {
        JsonObject facts =
                JsonParser.parseString(Shell.run("show", classifier, "--json").out())
                        .getAsJsonObject();
        assertEquals("image classification", facts.get("task").getAsString());
        assertEquals("8x8", facts.get("imageSize").getAsString());
        assertEquals(2, facts.getAsJsonArray("labels").size());
    }
}
