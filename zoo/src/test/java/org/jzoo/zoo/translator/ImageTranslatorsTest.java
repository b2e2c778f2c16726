package org.jzoo.zoo.translator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.VisionLanguageInput;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.task.ImageEmbeddingTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.testing.TinyImages;

/** Pictures, and pictures with words, through DJL's predictor, on models with fresh weights. */
class ImageTranslatorsTest {

    private static final List<Image> PICTURES =
            List.of(
                    TinyImages.picture(1, 1, Color.RED),
                    TinyImages.picture(30, 7, Color.GREEN),
                    TinyImages.picture(8, 8, new Color(10, 20, 30)));

    @Test
    void aBatchAnswersAsItsPicturesDoAlone() throws Exception {
        ImageEmbeddingTask task = new ImageEmbeddingTask(Pooling.MEAN, null, true);
        try (LoadedModel model = TinyImages.of(task);
                Predictor<Image, float[]> one = model.predictor(Image.class, float[].class);
                Predictor<Image[], float[][]> many =
                        model.predictor(Image[].class, float[][].class)) {
            List<float[]> batch = one.batchPredict(PICTURES);
            float[][] array = many.predict(PICTURES.toArray(new Image[0]));
            for (int i = 0; i < PICTURES.size(); i++) {
                float[] alone = one.predict(PICTURES.get(i));
                assertEquals(8, alone.length);
                assertArrayEquals(alone, batch.get(i), 1e-6f);
                assertArrayEquals(alone, array[i], 1e-6f);
                assertArrayEquals(alone, model.embed(PICTURES.get(i)));
            }
            assertEquals(0, many.predict(new Image[0]).length);
            assertTrue(Math.abs(batch.get(0)[0] - batch.get(1)[0]) > 1e-4, "colours count");
        }
    }

    @Test
    void picturesAreClassifiedInBothPrecisions() throws Exception {
        try (LoadedModel model = TinyImages.of(TinyImages.labels());
                Predictor<Image, Classifications> narrow =
                        model.predictor(Image.class, Classifications.class, Precision.BFLOAT16)) {
            Classifications answer = model.classify(PICTURES.get(1));
            assertEquals(List.of("cat", "dog", "cow"), answer.getClassNames());
            assertEquals(1, answer.getProbabilities().stream().mapToDouble(p -> p).sum(), 1e-9);
            assertEquals(
                    answer.get("dog").getProbability(),
                    narrow.predict(PICTURES.get(1)).get("dog").getProbability(),
                    0.02);
        }
    }

    @Test
    void whatIsNoPictureIsRefused() {
        try (LoadedModel model = TinyImages.of(TinyImages.labels())) {
            assertEquals(
                    "image must be a picture, got image=null",
                    assertThrows(IllegalArgumentException.class, () -> model.classify((Image) null))
                            .getMessage());
            String message =
                    assertThrows(IllegalArgumentException.class, () -> model.classify("a text"))
                            .getMessage();
            assertTrue(message.contains("Image -> Classifications"), message);
        }
    }

    @Test
    void requestsAreTheBytesOfPictures() throws Exception {
        try (LoadedModel model = TinyImages.of(TinyImages.labels());
                Predictor<Input, Output> served = model.predictor(Input.class, Output.class)) {
            byte[] good = TinyImages.png(PICTURES.get(1));
            Output answer = served.predict(request(good));
            assertEquals(200, answer.getCode());
            assertTrue(answer.getData().getAsString().contains("\"cow\""));
            List<Output> both =
                    served.batchPredict(List.of(request(Arrays.copyOf(good, 40)), request(good)));
            assertEquals(400, both.get(0).getCode());
            assertTrue(
                    both.get(0).getData().getAsString().contains("must be an undamaged picture"));
            assertEquals(200, both.get(1).getCode());
            assertEquals(400, served.predict(new Input()).getCode());
        }
    }

    private static Input request(byte[] body) {
        Input input = new Input();
        input.add(body);
        return input;
    }

    @Test
    void textsAndPicturesShareASpace() throws Exception {
        try (LoadedModel model = TinyImages.clip();
                Predictor<String[], float[][]> texts =
                        model.predictor(String[].class, float[][].class)) {
            float[] picture = model.embed(PICTURES.get(0));
            float[] text = model.embed("a red square");
            assertEquals(6, picture.length);
            assertEquals(1, dot(picture, picture), 1e-5);
            assertEquals(1, dot(text, text), 1e-5);
            float[][] padded = texts.predict(new String[] {"a red square", "much longer than it"});
            assertArrayEquals(text, padded[0], 1e-6f);
        }
    }

    @Test
    void labelsInWordsAreChosenByTheirSimilarity() throws Exception {
        List<String> labels = List.of("red", "a very green thing");
        try (LoadedModel model = TinyImages.clip();
                Predictor<VisionLanguageInput, Classifications> one =
                        model.predictor(VisionLanguageInput.class, Classifications.class);
                Predictor<VisionLanguageInput[], Classifications[]> many =
                        model.predictor(VisionLanguageInput[].class, Classifications[].class)) {
            Image picture = PICTURES.get(0);
            Classifications answer = model.classify(picture, labels);
            assertEquals(labels, answer.getClassNames());
            double scale = Math.exp(2.6592);
            float[] seen = model.embed(picture);
            double red = scale * dot(seen, model.embed("This is a photo of red."));
            double green = scale * dot(seen, model.embed("This is a photo of a very green thing."));
            assertEquals(1 / (1 + Math.exp(green - red)), answer.get("red").getProbability(), 1e-4);

            VisionLanguageInput plain =
                    new VisionLanguageInput(picture, null, new String[] {"x", "y", "z"}, "{}");
            VisionLanguageInput framed =
                    new VisionLanguageInput(picture, labels.toArray(new String[0]));
            Classifications[] all = many.predict(new VisionLanguageInput[] {plain, framed});
            assertEquals(3, all[0].getClassNames().size());
            for (int i = 0; i < 2; i++) {
                assertEquals(
                        answer.getProbabilities().get(i), all[1].getProbabilities().get(i), 1e-5);
                assertEquals(
                        one.predict(plain).getProbabilities().get(i),
                        all[0].getProbabilities().get(i),
                        1e-5);
            }
        }
    }

    @Test
    void labelledRequestsComeAsJson() throws Exception {
        String image = Base64.getEncoder().encodeToString(TinyImages.png(PICTURES.get(0)));
        try (LoadedModel model = TinyImages.clip();
                Predictor<Input, Output> served = model.predictor(Input.class, Output.class)) {
            Output good =
                    served.predict(json("{\"image\":\"%s\",\"labels\":[\"a\",\"b\"]}", image));
            assertEquals(200, good.getCode(), good.getMessage());
            assertTrue(good.getData().getAsString().contains("\"b\""));
            for (String bad :
                    List.of(
                            "{\"image\":\"%s\",\"labels\":[]}",
                            "{\"image\":\"%s\",\"labels\":\"a\"}",
                            "{\"image\":\"%s\"}",
                            "{\"image\":\"!%s\",\"labels\":[\"a\"]}",
                            "{\"image\":\"%s\",\"labels\":[\"a\"],\"hypothesis\":\"none\"}",
                            "%s")) {
                assertEquals(400, served.predict(json(bad, image)).getCode(), bad);
            }
        }
    }

    private static Input json(String format, String image) {
        return request(format.formatted(image).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aQueryWithoutLabelsOrPictureIsRefused() {
        try (LoadedModel model = TinyImages.clip()) {
            assertEquals(
                    "candidates must be labels, got none",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> model.classify(PICTURES.get(0), List.of()))
                            .getMessage());
            assertEquals(
                    "query must have a picture, got none",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> model.classify(null, Collections.nCopies(2, "a")))
                            .getMessage());
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
