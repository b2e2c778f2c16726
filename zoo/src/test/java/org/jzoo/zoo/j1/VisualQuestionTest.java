package org.jzoo.zoo.j1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.translate.TranslateException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.blocks.fusion.GateOption;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordTokenizer;
import org.jzoo.zoo.weights.TensorType;

class VisualQuestionTest {

    private static final List<String> WORDS =
            List.of("what", "shape", "is", "red", "the", "object");
    private static final J1Size SIZE =
            J1Size.TINY.withLayers(1, 1, 2).withImageSize(23).withMerge(1); // a grid of 3 x 3
    private static final String QUESTION = "What shape is the red object?";

    @TempDir private Path temporary;

    private static J1Config config() {
        return SIZE.config(WordTokenizer.size(WORDS), 9, WordTokenizer.PADDING_ID);
    }

    private static LoadedModel model(J1Config config, Task task) {
        return LoadedModel.fresh(
                "test",
                ModelConfig.of("j1", config, task),
                TextTokenizer.of(WordTokenizer.json(WORDS), 9),
                1,
                Device.cpu());
    }

    private static LoadedModel model(J1Config config) {
        return model(config, new AnswerTask(List.of("yes", "no", "square"), 0));
    }

    private static BufferedImage drawing(int width, int height, int type) {
        BufferedImage picture = new BufferedImage(width, height, type);
        for (int i = 0; i < Math.min(width, height); i++) {
            picture.setRGB(i, i, Color.RED.getRGB());
        }
        return picture;
    }

    private static Image image(int width, int height) {
        return ImageFactory.getInstance()
                .fromImage(drawing(width, height, BufferedImage.TYPE_INT_RGB));
    }

    private static byte[] png(BufferedImage picture) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", bytes);
        return bytes.toByteArray();
    }

    private static Predictor<VisualQuestion, Answer> predictor(LoadedModel model) {
        return model.predictor(VisualQuestion.class, Answer.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"joint", "two-way", "token gate"})
    void anAnswerHasProbabilitiesWeightsAndWhereTheQuestionLooked(String kind) throws Exception {
        J1Config config = config();
        if (kind.equals("two-way")) {
            config = config.withFusion(SIZE.twoWay());
        } else if (kind.equals("token gate")) {
            config = config.withGate(new GateOption(true, 0));
        }
        try (LoadedModel model = model(config);
                Predictor<VisualQuestion, Answer> predictor = predictor(model)) {
            Answer answer = predictor.predict(new VisualQuestion(image(40, 31), QUESTION));
            assertEquals(
                    List.of("yes", "no", "square"), List.copyOf(answer.probabilities().keySet()));
            assertEquals(1, sum(answer), 1e-6);
            assertTrue(answer.probabilities().get(answer.best()) >= 1.0 / 3);
            assertEquals(1, answer.textWeight() + answer.imageWeight(), 1e-6);
            assertEquals(3, answer.attention().length);
            double shares = 0;
            for (float[] row : answer.attention()) {
                assertEquals(3, row.length);
                for (float share : row) {
                    assertTrue(share > 0);
                    shares += share;
                }
            }
            assertEquals(1, shares, 1e-5);
            BufferedImage overlay = answer.overlay(image(40, 31));
            assertEquals(40, overlay.getWidth());
            assertEquals(31, overlay.getHeight());
        }
    }

    private static double sum(Answer answer) {
        return answer.probabilities().values().stream().mapToDouble(p -> p).sum();
    }

    @Test
    void theOverlayLeavesClearWhatGotMostAttention() {
        Answer answer =
                new Answer(Map.of("a", 1.0), 0.5, 0.5, new float[][] {{0.8f, 0.2f}, {0, 0}});
        BufferedImage white = new BufferedImage(5, 4, BufferedImage.TYPE_INT_ARGB);
        BufferedImage overlay = answer.overlay(ImageFactory.getInstance().fromImage(white));
        assertEquals(Color.WHITE.getRGB(), overlay.getRGB(1, 1));
        assertNotEquals(Color.WHITE.getRGB(), overlay.getRGB(4, 1));
        assertTrue(
                new Color(overlay.getRGB(4, 3)).getRed()
                        < new Color(overlay.getRGB(4, 1)).getRed());
    }

    @Test
    void eitherMayBeMissingInABatchAndThenWeighsNothing() throws Exception {
        try (LoadedModel model = model(config());
                Predictor<VisualQuestion, Answer> predictor = predictor(model)) {
            VisualQuestion both = new VisualQuestion(image(20, 20), QUESTION);
            VisualQuestion noImage = new VisualQuestion(null, "what shape");
            VisualQuestion noText = new VisualQuestion(image(20, 20), null);
            List<Answer> answers = predictor.batchPredict(List.of(both, noImage, noText));
            assertEquals(0, answers.get(1).imageWeight());
            assertEquals(0, answers.get(2).textWeight());
            assertNull(answers.get(1).attention());
            for (int i = 0; i < 3; i++) {
                Answer alone = predictor.predict(List.of(both, noImage, noText).get(i));
                assertEquals(
                        alone.probabilities().get("no"),
                        answers.get(i).probabilities().get("no"),
                        1e-5);
            }
            assertTrue(
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> answers.get(1).overlay(both.image()))
                            .getMessage()
                            .startsWith("attention must be there for an overlay"));
        }
    }

    @Test
    void picturesComeAsFilesBytesAndStreamsOfAnyKindAndSize() throws Exception {
        try (LoadedModel model = model(config());
                Predictor<VisualQuestion, Answer> predictor = predictor(model)) {
            byte[] png = png(drawing(50, 20, BufferedImage.TYPE_INT_RGB));
            Path file = Files.write(temporary.resolve("x.png"), png);
            Answer byFile = predictor.predict(VisualQuestion.of(file, QUESTION));
            Answer byBytes = predictor.predict(VisualQuestion.of(png, QUESTION));
            Answer byStream =
                    predictor.predict(VisualQuestion.of(new ByteArrayInputStream(png), QUESTION));
            assertEquals(byFile.probabilities(), byBytes.probabilities());
            assertEquals(byFile.probabilities(), byStream.probabilities());
            for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_INT_ARGB}) {
                byte[] other = png(drawing(1, 1, type));
                assertEquals(1, sum(predictor.predict(VisualQuestion.of(other, QUESTION))), 1e-6);
            }
        }
    }

    @Test
    void damagedPicturesAndWrongQuestionsAreRefused() throws Exception {
        byte[] png = png(drawing(50, 20, BufferedImage.TYPE_INT_RGB));
        byte[] broken = Arrays.copyOf(png, 40);
        IOException e = assertThrows(IOException.class, () -> VisualQuestion.of(broken, QUESTION));
        assertTrue(
                e.getMessage().startsWith("picture must be an undamaged picture"), e.getMessage());
        assertEquals(
                "image or text must be there, got neither",
                assertThrows(IllegalArgumentException.class, () -> new VisualQuestion(null, null))
                        .getMessage());
        try (LoadedModel model = model(config().textOnly());
                Predictor<VisualQuestion, Answer> predictor = predictor(model)) {
            TranslateException refused =
                    assertThrows(
                            TranslateException.class,
                            () -> predictor.predict(new VisualQuestion(image(9, 9), null)));
            assertTrue(
                    refused.getMessage().contains("question must have a text"), refused.toString());
            assertTrue(
                    Double.isNaN(predictor.predict(new VisualQuestion(null, "red")).textWeight()));
        }
    }

    @Test
    void aServersRequestsAreAnswered() throws Exception {
        try (LoadedModel model = model(config());
                Predictor<Input, Output> predictor = model.predictor(Input.class, Output.class)) {
            String picture =
                    Base64.getEncoder()
                            .encodeToString(png(drawing(8, 8, BufferedImage.TYPE_INT_RGB)));
            Input input = new Input();
            input.add("data", "{\"image\": \"%s\", \"question\": \"red\"}".formatted(picture));
            Output output = predictor.predict(input);
            assertEquals(200, output.getCode());
            assertTrue(output.getData().getAsString().contains("\"imageWeight\""));
            Input wrong = new Input();
            wrong.add("data", "{}");
            assertEquals(400, predictor.predict(wrong).getCode());
        }
    }

    @Test
    void pairsShareEncodedRowsWithoutChangingTheAnswer() throws Exception {
        try (LoadedModel model = model(config(), new MatchTask(0))) {
            NDManager manager = model.manager();
            NDArray ids = manager.create(new long[][] {{2, 3, 4, 5}, {2, 8, 7, 6}});
            NDArray mask = ids.gt(0);
            Random random = new Random(1);
            float[] pixels = new float[2 * 3 * 23 * 23];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = random.nextFloat();
            }
            NDArray images = manager.create(pixels, new Shape(2, 3, 23, 23));
            NDArray pairs = manager.create(new long[][] {{0, 1}, {1, 1}, {0, 0}});
            float[] shared = run(model, new NDList(ids, mask, images, pairs));
            NDArray text = manager.create(new long[] {0, 1, 0});
            NDArray image = manager.create(new long[] {1, 1, 0});
            float[] apart =
                    run(model, new NDList(ids.get(text), mask.get(text), images.get(image)));
            assertArrayEquals(apart, shared, 1e-5f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"joint", "two-way", "token gate", "no gate"})
    void whatIsSaidToBeThereIsThereAnyway(String kind) throws Exception {
        J1Config config = config();
        if (kind.equals("two-way")) {
            config = config.withFusion(SIZE.twoWay());
        } else if (kind.endsWith("gate")) {
            config = config.withGate(kind.startsWith("no") ? null : new GateOption(true, 0));
        }
        try (LoadedModel model = model(config)) {
            NDManager manager = model.manager();
            NDArray ids = manager.create(new long[][] {{2, 3, 4, 5}, {2, 8, 7, 6}});
            NDArray mask = manager.ones(ids.getShape(), DataType.BOOLEAN);
            NDArray images = manager.randomUniform(-1, 1, new Shape(2, 3, 23, 23));
            NDArray present = manager.ones(new Shape(2, 2), DataType.BOOLEAN);
            float[] said = run(model, new NDList(ids, mask, images, present));
            assertArrayEquals(said, run(model, new NDList(ids, mask, images)), 1e-5f);
            assertArrayEquals(said, run(model, new NDList(ids, images)), 1e-5f);
        }
    }

    private static float[] run(LoadedModel model, NDList inputs) {
        return model.block()
                .forward(new ParameterStore(model.manager(), false), inputs, false)
                .head()
                .toFloatArray();
    }

    @Test
    void textsAndPicturesGetVectorsInOneSpace() throws Exception {
        try (LoadedModel model = model(config(), new RetrievalTask(5));
                Predictor<String, float[]> texts = model.predictor(String.class, float[].class);
                Predictor<Image, float[]> images = model.predictor(Image.class, float[].class)) {
            float[] red = texts.predict("red");
            float[] picture = images.predict(image(30, 20));
            assertEquals(1, dot(red, red), 1e-5);
            assertEquals(1, dot(picture, picture), 1e-5);
            float[] padded = texts.batchPredict(List.of("red", "what shape is the")).get(0);
            assertArrayEquals(red, padded, 1e-5f);
            NDList both =
                    new NDList(
                            model.manager()
                                    .create(model.tokenizer().encode("red").ids())
                                    .expandDims(0),
                            config().preprocessing()
                                    .batch(model.manager(), List.of(image(30, 20))));
            assertEquals(dot(red, picture) / 0.07, run(model, both)[0], 1e-4);
        }
    }

    private static double dot(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    @Test
    void aFolderKeepsTheModelAndItsWords() throws Exception {
        Path folder = temporary.resolve("model");
        VisualQuestion question = new VisualQuestion(image(30, 30), QUESTION);
        try (LoadedModel model = model(config())) {
            ModelFolder.save(folder, model, "card", TensorType.F32);
            try (LoadedModel copy = ModelFolder.load(folder, Device.cpu());
                    Predictor<VisualQuestion, Answer> before = predictor(model);
                    Predictor<VisualQuestion, Answer> after = predictor(copy)) {
                assertEquals(
                        before.predict(question).probabilities(),
                        after.predict(question).probabilities());
            }
        }
    }

    @Test
    void presetsAreOfTheSizesTheySay() {
        assertEquals(5e6, parameters(J1Size.TINY), 0.5e6);
        assertEquals(22e6, parameters(J1Size.SMALL), 1e6);
        assertEquals(131e6, parameters(J1Size.BASE), 1e6);
        assertEquals(1.23e9, parameters(J1Size.XL), 0.005e9);
    }

    private static double parameters(J1Size size) {
        return size.config(100, 24, 0).create(new MatchTask(0)).getParameters().values().stream()
                .mapToLong(p -> p.getShape().size())
                .sum();
    }
}
