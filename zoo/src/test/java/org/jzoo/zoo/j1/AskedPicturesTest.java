package org.jzoo.zoo.j1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.zoo.image.Pictures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.weights.TensorType;

/** Pictures of every kind on their way into a question's answer. */
class AskedPicturesTest {

    private static final String QUESTION = "is it dark";

    @TempDir static Path temporary;
    private static LoadedModel model;
    private static Predictor<VisualQuestion, Answer> predictor;

    @BeforeAll
    static void makeModel() throws Exception {
        J1Size size = J1Size.TINY.withLayers(1, 1, 1).withImageSize(24).withMerge(1);
        model =
                FreshJ1.builder()
                        .optSize(size)
                        .build()
                        .create(
                                "test",
                                new AnswerTask(List.of("yes", "no"), 0),
                                List.of(QUESTION),
                                8,
                                Device.cpu());
        predictor = model.predictor(VisualQuestion.class, Answer.class);
    }

    @AfterAll
    static void close() {
        predictor.close();
        model.close();
    }

    /** The left half dark, the right half light. */
    private static BufferedImage halves(int width, int height, int type) {
        BufferedImage picture = new BufferedImage(width, height, type);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.BLACK);
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(Color.WHITE);
        graphics.fillRect((width + 1) / 2, 0, width, height);
        graphics.dispose();
        return picture;
    }

    private static byte[] encoded(BufferedImage picture, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(picture, format, bytes), format);
        return bytes.toByteArray();
    }

    private static double yes(VisualQuestion question) throws TranslateException {
        return predictor.predict(question).probabilities().get("yes");
    }

    private static double plain() throws Exception {
        byte[] png = encoded(halves(48, 48, BufferedImage.TYPE_INT_RGB), "png");
        return yes(VisualQuestion.of(png, QUESTION));
    }

    @ParameterizedTest
    @CsvSource({
        "png, 1", // INT_RGB
        "png, 2", // INT_ARGB
        "png, 5", // 3BYTE_BGR
        "png, 10", // BYTE_GRAY
        "png, 11", // USHORT_GRAY, 16 bits
        "png, 12", // BYTE_BINARY, 1 bit
        "png, 13", // BYTE_INDEXED
        "bmp, 1", "gif, 13"
    })
    void everyKindOfPixelsIsTheSamePicture(String format, int type) throws Exception {
        byte[] bytes = encoded(halves(48, 48, type), format);
        assertEquals(plain(), yes(VisualQuestion.of(bytes, QUESTION)), 1e-6);
    }

    @Test
    void aJpegIsNearlyTheSamePicture() throws Exception {
        for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY}) {
            byte[] bytes = encoded(halves(48, 48, type), "jpg");
            assertEquals(plain(), yes(VisualQuestion.of(bytes, QUESTION)), 0.01);
        }
    }

    @Test
    void filesStreamsBytesAndImagesAreAnsweredAlike() throws Exception {
        BufferedImage picture = halves(31, 20, BufferedImage.TYPE_INT_RGB);
        byte[] png = encoded(picture, "png");
        Path file = Files.write(temporary.resolve("halves.png"), png);
        Image image = ImageFactory.getInstance().fromImage(picture);
        double expected = yes(new VisualQuestion(image, QUESTION));
        assertEquals(expected, yes(VisualQuestion.of(file, QUESTION)));
        assertEquals(expected, yes(VisualQuestion.of(png, QUESTION)));
        assertEquals(expected, yes(VisualQuestion.of(new ByteArrayInputStream(png), QUESTION)));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "1, 700, 1, 700", "8000, 8000, 4000, 4000", "16000, 1200, 8000, 600"})
    void largePicturesAreThinnedAndSmallOnesAreNot(int width, int height, int wide, int tall)
            throws Exception {
        byte[] png = encoded(halves(width, height, BufferedImage.TYPE_BYTE_GRAY), "png");
        Image read = Pictures.read("large", png);
        assertEquals(List.of(wide, tall), List.of(read.getWidth(), read.getHeight()));
        double answer = yes(new VisualQuestion(read, QUESTION));
        if (width > 1) {
            assertEquals(plain(), answer, 1e-4);
        }
    }

    @Test
    void picturesThatClaimTooManyPixelsAreRefusedUnread() throws Exception {
        byte[] png = encoded(halves(1, 1, BufferedImage.TYPE_BYTE_GRAY), "png");
        ByteBuffer bytes = ByteBuffer.wrap(png);
        bytes.putInt(16, 100_000).putInt(20, 90_000);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        bytes.putInt(29, (int) crc.getValue());
        String message = refused(png);
        assertTrue(
                message.endsWith("it must have at most 268,435,456 pixels, got 100,000 x 90,000"),
                message);
    }

    private static String refused(byte... bytes) {
        return assertThrows(IOException.class, () -> VisualQuestion.of(bytes, QUESTION))
                .getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void cutPicturesAreRefused(String format) throws Exception {
        byte[] whole = encoded(halves(60, 50, BufferedImage.TYPE_INT_RGB), format);
        for (int keep : new int[] {whole.length * 2 / 3, 30, 9}) {
            String message = refused(Arrays.copyOf(whole, keep));
            assertTrue(message.startsWith("picture must be an undamaged picture (bmp"), message);
        }
    }

    @Test
    void whatIsNoPictureIsRefused() throws Exception {
        assertTrue(refused().contains("got 0 bytes that cannot be decoded"));
        assertTrue(refused("hello".getBytes(StandardCharsets.UTF_8)).contains("got 5 bytes"));
        Path none = temporary.resolve("none.png");
        assertThrows(NoSuchFileException.class, () -> VisualQuestion.of(none, QUESTION));
        assertThrows(IOException.class, () -> VisualQuestion.of(temporary, QUESTION));
    }

    @Test
    void sixteenThreadsGetWhatOneGets() throws Exception {
        List<VisualQuestion> questions = new ArrayList<>();
        List<Double> expected = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Image image =
                    ImageFactory.getInstance()
                            .fromImage(halves(20 + i, 30 - i, BufferedImage.TYPE_INT_RGB));
            questions.add(
                    switch (i % 4) {
                        case 0 -> new VisualQuestion(image, null);
                        case 1 -> new VisualQuestion(null, "it " + "is ".repeat(i));
                        default -> new VisualQuestion(image, "dark " + "it ".repeat(i));
                    });
            expected.add(yes(questions.get(i)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try (Predictor<VisualQuestion, Answer> shared =
                model.predictor(VisualQuestion.class, Answer.class)) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int first = t;
                tasks.add(
                        () -> {
                            for (int i = 0; i < 12; i++) {
                                int row = (first + i) % 12;
                                Answer answer = shared.predict(questions.get(row));
                                assertEquals(expected.get(row), answer.probabilities().get("yes"));
                            }
                            return null;
                        });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void djlsCriteriaLoadTheFolderForQuestionsAndForServing() throws Exception {
        Path folder = temporary.resolve("model");
        ModelFolder.save(folder, model, "# A card", TensorType.F32);
        byte[] png = encoded(halves(48, 48, BufferedImage.TYPE_INT_RGB), "png");
        Criteria<VisualQuestion, Answer> questions =
                Criteria.builder()
                        .setTypes(VisualQuestion.class, Answer.class)
                        .optModelPath(folder)
                        .build();
        try (ZooModel<VisualQuestion, Answer> loaded = questions.loadModel();
                Predictor<VisualQuestion, Answer> asked = loaded.newPredictor()) {
            Answer answer = asked.predict(VisualQuestion.of(png, QUESTION));
            assertEquals(plain(), answer.probabilities().get("yes"), 1e-6);
        }
        Criteria<Input, Output> serving =
                Criteria.builder().setTypes(Input.class, Output.class).optModelPath(folder).build();
        try (ZooModel<Input, Output> loaded = serving.loadModel();
                Predictor<Input, Output> asked = loaded.newPredictor()) {
            String image = Base64.getEncoder().encodeToString(png);
            assertEquals(200, code(asked, "{\"image\": \"%s\"}".formatted(image)));
            assertEquals(200, code(asked, "{\"question\": \"is it dark\"}"));
            assertEquals(400, code(asked, "{\"image\": \"aGVsbG8=\"}"));
            assertEquals(400, code(asked, "{\"image\": \"***\"}"));
            assertEquals(400, code(asked, "no json"));
        }
    }

    private static int code(Predictor<Input, Output> predictor, String body)
            throws TranslateException {
        Input input = new Input();
        input.add("data", body);
        return predictor.predict(input).getCode();
    }
}
