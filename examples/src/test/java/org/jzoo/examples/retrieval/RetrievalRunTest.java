package org.jzoo.examples.retrieval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.datasets.vision.NamedPicture;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j1.RetrievalTask;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;

class RetrievalRunTest {

    private static final Color[] COLOURS = {
        Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW, Color.MAGENTA, Color.CYAN, Color.BLACK
    };
    private static final List<String> NAMES =
            List.of("red", "green", "blue", "yellow", "pink", "cyan", "black");

    @TempDir private Path temporary;

    // Bars of seven colours on the left to learn from, and smaller ones on the right to find.
    private RetrievalData squares() throws IOException {
        return new RetrievalData(
                "squares", squares("train", 64, 0), Map.of("right", squares("test", 32, 16)));
    }

    private List<NamedPicture> squares(String style, int side, int left) throws IOException {
        List<NamedPicture> all = new ArrayList<>();
        for (int n = 0; n < NAMES.size(); n++) {
            BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, side, side);
            graphics.setColor(COLOURS[n]);
            graphics.fillRect(left, 0, side / 2, side);
            graphics.dispose();
            Path file = temporary.resolve(style + n + ".png");
            ImageIO.write(image, "png", file.toFile());
            all.add(new NamedPicture("id" + n, NAMES.get(n) + " square", List.of("shape"), file));
        }
        return all;
    }

    private static RetrievalConfig config(RetrievalVariant variant, int epochs, Path saveTo) {
        return RetrievalConfig.builder(variant)
                .optEpochs(epochs)
                .optLearningRate(1e-2)
                .optSaveTo(saveTo)
                .build();
    }

    @Test
    void coloursAreFoundByTheirNamesElsewhere() throws Exception {
        RetrievalRun.Figures figures =
                RetrievalRun.run(
                        config(RetrievalVariant.COLOURS, 40, null), squares(), Device.cpu());
        RetrievalRun.Found found = figures.tests().get(0);
        assertEquals(7, found.candidates());
        assertTrue(found.byText().get(0) >= 6.0 / 7, found.toString());
        assertEquals(1, found.byText().get(2));
    }

    @ParameterizedTest
    @EnumSource(value = RetrievalVariant.class, names = "COLOURS", mode = EnumSource.Mode.EXCLUDE)
    void theOthersRunTooAndFiguresAreKept(RetrievalVariant variant) throws Exception {
        Path lines = temporary.resolve("retrieval.jsonl");
        RetrievalConfig config = config(variant, 1, null);
        RetrievalRun.Figures figures = RetrievalRun.run(config, squares(), Device.cpu(), lines);
        assertEquals(List.of(figures), RetrievalRun.read(lines));
        assertTrue(figures.isOf(config, "squares"));
        assertTrue(Double.isFinite(figures.loss()));
        ResultsFile table =
                RetrievalTable.of(
                        List.of(figures), "command", "commit", Environment.current(Map.of()));
        assertEquals("chance", table.rows().get(0).labels().get("model"));
        assertEquals(1.0 / 7, table.rows().get(0).values().get("picture @1").get(0), 1e-12);
        assertEquals(
                found(figures).byPicture().get(1),
                table.rows().get(1).values().get("text @5").get(0));
    }

    private static RetrievalRun.Found found(RetrievalRun.Figures figures) {
        return figures.tests().get(0);
    }

    @Test
    void aTrainingGoesOnFromItsWorkFolder() throws Exception {
        Path work = temporary.resolve("work");
        RetrievalConfig config =
                RetrievalConfig.builder(RetrievalVariant.COLOURS)
                        .optEpochs(4)
                        .optWork(work)
                        .build();
        RetrievalRun.Figures whole = RetrievalRun.run(config, squares(), Device.cpu());
        FileTime before = Files.getLastModifiedTime(work);
        RetrievalRun.Figures again = RetrievalRun.run(config, squares(), Device.cpu());
        assertEquals(whole.tests(), again.tests());
        assertEquals(before, Files.getLastModifiedTime(work), "no step was left to make");
    }

    @Test
    void aTrainedRetrieverIsSavedAsAModelFolder() throws Exception {
        Path folder = temporary.resolve("model");
        RetrievalRun.Figures figures =
                RetrievalRun.run(config(RetrievalVariant.J1, 1, folder), squares(), Device.cpu());
        try (LoadedModel model = ModelFolder.load(folder, Device.cpu())) {
            assertEquals(128, ((RetrievalTask) model.config().task()).dim());
            assertEquals(figures.parameters(), model.numParameters());
            assertEquals(128, model.embed("red square").length);
        }
    }

    @Test
    void whatIsAsSimilarAsTheRightOneCountsAsFoundBefore() {
        float[][] images = {{1, 0}, {0, 1}, {1, 0}};
        float[][] texts = {{1, 0}, {0, 1}, {0.6f, 0.8f}};
        RetrievalRun.Found found = Recall.of("test", images, texts);
        // Text 0 is as near to picture 2, text 2 nearest to picture 1, then 0 and 2 alike.
        assertEquals(List.of(1 / 3.0, 1.0, 1.0), found.byText());
        // Picture 2 is nearer to text 0 than to its own.
        assertEquals(List.of(2 / 3.0, 1.0, 1.0), found.byPicture());
        assertEquals(List.of(0.05, 0.25, 0.5), Recall.chance(20));
        assertEquals(List.of(0.25, 1.0, 1.0), Recall.chance(4));
    }

    @Test
    void noConceptIsInTrainingAndAmongTheNewOnes() throws Exception {
        Path folder = temporary.resolve("emoji");
        for (String style : List.of("google", "twitter")) {
            Path images = folder.resolve(style).resolve("img").resolve(style).resolve("64");
            Files.createDirectories(images);
            StringBuilder index = new StringBuilder("[");
            for (int n = 0; n < 20; n++) {
                Files.write(images.resolve(n + ".png"), new byte[1]);
                index.append(n == 0 ? "" : ",")
                        .append(
                                """
                                {"name": "N%d", "unified": "%d", "image": "%d.png",
                                 "short_names": ["n"], "category": "c", "subcategory": "s"}
                                """
                                        .formatted(n, n, n));
            }
            Files.writeString(folder.resolve(style).resolve("emoji.json"), index.append("]"));
        }
        RetrievalData data = RetrievalData.emoji(folder, "google", "twitter", 17);
        Set<String> train = ids(data.train());
        assertEquals(18, train.size());
        assertEquals(train, ids(data.tests().get("twitter")));
        Set<String> held = ids(data.tests().get("twitter, new concepts"));
        assertEquals(2, held.size());
        assertEquals(held, ids(data.tests().get("google, new concepts")));
        assertTrue(held.stream().noneMatch(train::contains));
        data.train().forEach(p -> assertTrue(p.file().toString().contains("google")));
        data.tests()
                .get("twitter")
                .forEach(p -> assertTrue(p.file().toString().contains("twitter")));
        RetrievalData other = RetrievalData.emoji(folder, "google", "twitter", 19);
        assertNotEquals(held, ids(other.tests().get("twitter, new concepts")));
    }

    private static Set<String> ids(List<NamedPicture> pictures) {
        return pictures.stream().map(NamedPicture::id).collect(Collectors.toSet());
    }

    @Test
    void changesKeepWhiteWhiteAndNoneKeepsThePicture() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray white = manager.ones(new Shape(2, 3, 8, 8));
            NDArray changed = PictureChanges.USUAL.apply(white, new Random(1));
            for (float value : changed.toFloatArray()) {
                assertEquals(1, value, 1e-5);
            }
            NDArray images = manager.randomUniform(-1, 1, new Shape(2, 3, 8, 8));
            PictureChanges none = new PictureChanges(0, 0, 0, 0, 0, 0, 0);
            assertArrayEquals(
                    images.toFloatArray(), none.apply(images, new Random(1)).toFloatArray(), 1e-5f);
        }
    }

    @Test
    void aShiftMovesByItsShareOfTheSide() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray image = manager.zeros(new Shape(1, 1, 4, 4));
            image.setScalar(new NDIndex("0, 0, 1, 2"), 1);
            NDArray place = manager.create(new float[] {1, 0, 0.5f, 0, 1, 0}, new Shape(1, 2, 3));
            float[] moved = ImageKernel.warp(image, place, 0).toFloatArray();
            assertEquals(1, moved[4 + 1], 1e-6); // a quarter of the width to the left
        }
    }

    @Test
    void coloursAreCountedInTheWholeAndInParts() {
        try (NDManager manager = PyTorch.newBaseManager()) {
            // Left half black, right half red, of 2 x 4 pixels; two levels a channel.
            float[] pixels = new float[3 * 8];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = i < 8 && i % 4 >= 2 ? 1 : -1;
            }
            float[] counts =
                    ImageKernel.colours(manager.create(pixels, new Shape(1, 3, 2, 4)), 2, 2)
                            .toFloatArray();
            assertEquals(5 * 8, counts.length);
            float[] expected = new float[5 * 8];
            expected[0] = (float) Math.sqrt(0.5);
            expected[4] = (float) Math.sqrt(0.5);
            expected[8] = 1; // top left: black
            expected[16 + 4] = 1;
            expected[24] = 1;
            expected[32 + 4] = 1;
            assertArrayEquals(expected, counts, 1e-6f);
        }
    }

    @Test
    void rejectsWhatIsNoVariant() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> RetrievalVariant.named("j2"));
        assertTrue(e.getMessage().endsWith("got variant=j2"), e.getMessage());
    }
}
