package org.jzoo.examples.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.datasets.vision.Scene;
import org.jzoo.datasets.vision.VisualQuestion;
import org.jzoo.training.report.Environment;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.j1.AnswerTask;
import org.jzoo.zoo.j1.J1Size;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.text.WordTokenizer;

class VqaRunTest {

    private static final J1Size SMALL = J1Size.TINY.withLayers(1, 1, 1);

    @TempDir private Path temporary;

    private static VqaConfig.Builder config(VqaVariant variant) {
        return VqaConfig.builder(variant)
                .optSize(SMALL)
                .optEpochs(1)
                .optPictures(2)
                .optBatchPictures(2);
    }

    @Test
    void aRunIsMeasuredRecordedAndSavedAsAModelFolder() throws Exception {
        Path folder = temporary.resolve("model");
        Path lines = temporary.resolve("j1.jsonl");
        VqaConfig config = config(VqaVariant.FULL).optSaveTo(folder).build();
        VqaRun.Figures figures = VqaRun.run(config, Device.cpu(), lines);
        assertEquals(List.of(figures), VqaRun.read(lines));
        assertTrue(figures.isOf(config));
        assertEquals(15, figures.metrics().size());
        assertEquals(0, figures.metrics().get("image weight, no image"));
        assertEquals(0, figures.metrics().get("text weight, no text"));
        figures.metrics().forEach((name, v) -> assertTrue(v >= 0 && v <= 1, name + " " + v));
        try (LoadedModel model = ModelFolder.load(folder, Device.cpu())) {
            assertEquals(figures.parameters(), model.numParameters());
            assertEquals(10, ((AnswerTask) model.config().task()).labels().size());
            long[] ids = model.tokenizer().encode("What shape is the Red object?").ids();
            assertEquals("what shape is the red object", model.tokenizer().decode(ids));
            assertEquals(7, ids.length);
        }
        ResultsFile table =
                VqaTable.of(VqaRun.read(lines), "command", "commit", Environment.current(Map.of()));
        assertTrue(table.toMarkdown().contains("| full "), table.toMarkdown());
    }

    @ParameterizedTest
    @EnumSource(
            value = VqaVariant.class,
            names = {"TEXT_ONLY", "IMAGE_ONLY", "NO_GATE", "TOKEN_GATE"})
    void whatItIsComparedWithRunsToo(VqaVariant variant) throws Exception {
        VqaRun.Figures figures = VqaRun.run(config(variant).build(), Device.cpu());
        assertTrue(Double.isFinite(figures.loss()), variant.label());
        assertEquals(variant.hasBoth(), figures.metrics().containsKey("without image"));
    }

    @Test
    void whatItIsComparedWithHasAboutAsManyWeights() {
        double full = parameters(VqaVariant.FULL);
        for (VqaVariant variant : VqaVariant.values()) {
            assertEquals(1, parameters(variant) / full, 0.1, variant.label());
        }
    }

    private static double parameters(VqaVariant variant) {
        return variant
                .config(J1Size.TINY, 60, 24, 0)
                .create(new AnswerTask(List.of("a", "b"), 0))
                .getParameters()
                .values()
                .stream()
                .mapToLong(p -> p.getShape().size())
                .sum();
    }

    @Test
    void gridsAreToldApartByKindAndStretchedAsInPrediction() throws Exception {
        VqaData data = new GridQuestions(garments(temporary.resolve("garments")));
        VqaConfig config =
                VqaConfig.builder(VqaVariant.FULL, data)
                        .optSize(SMALL.withImageSize(96))
                        .optEpochs(1)
                        .optPictures(2)
                        .build();
        VqaRun.Figures figures = VqaRun.run(config, Device.cpu());
        assertTrue(figures.isOf(config));
        assertFalse(figures.isOf(config(VqaVariant.FULL).build()));
        assertTrue(
                figures.metrics()
                        .keySet()
                        .containsAll(
                                Set.of("which", "where", "how many", "same or different", "all")));
        assertEquals(19, figures.metrics().size());
        List<Scene> scenes = data.train(2, 17);
        TextTokenizer tokenizer = TextTokenizer.of(WordTokenizer.json(data.vocabulary()), 24);
        try (NDManager manager = PyTorch.newBaseManager()) {
            VqaSet set = new VqaSet(data, scenes, 96, tokenizer, 1, false, manager);
            Image picture = ImageFactory.getInstance().fromImage(scenes.get(1).image());
            assertArrayEquals(
                    ImagePreprocessing.stretched(96, 3).pixels(picture),
                    set.images(List.of(1), manager).toFloatArray(),
                    1e-6f);
            for (Scene scene : data.test(1).subList(0, 20)) {
                for (VisualQuestion question : scene.questions()) {
                    assertTrue(tokenizer.encode(question.text()).ids().length < 24);
                }
            }
        }
    }

    // Twenty garments of each kind, of one grey each.
    private static Path garments(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String half : List.of("train", "t10k")) {
            ByteBuffer images = ByteBuffer.allocate(16 + 200 * 784);
            ByteBuffer labels = ByteBuffer.allocate(8 + 200);
            images.putInt(0x803).putInt(200).putInt(28).putInt(28);
            labels.putInt(0x801).putInt(200);
            for (int n = 0; n < 200; n++) {
                labels.put((byte) (n % 10));
                for (int p = 0; p < 784; p++) {
                    images.put((byte) (p % 28 > n % 10 ? n : 0));
                }
            }
            Files.write(folder.resolve(half + "-images-idx3-ubyte"), images.array());
            Files.write(folder.resolve(half + "-labels-idx1-ubyte"), labels.array());
        }
        return folder;
    }

    @Test
    void theTableComparesWithTheBetterModelOfOneModality() {
        Map<String, Double> both = Map.of("all", 0.9, "without image", 0.5, "without text", 0.25);
        List<VqaRun.Figures> runs =
                List.of(
                        figures(VqaVariant.FULL, both),
                        figures(VqaVariant.TEXT_ONLY, Map.of("all", 0.5625)),
                        figures(VqaVariant.IMAGE_ONLY, Map.of("all", 0.125)));
        ResultsFile table = VqaTable.of(runs, "command", "commit", Environment.current(Map.of()));
        assertEquals("j1-grids", table.name());
        Map<String, List<Double>> full = table.rows().get(0).values();
        assertEquals(0.3375, full.get("all, over one modality").get(0), 1e-12);
        assertEquals(-0.0625, full.get("without image, over text-only").get(0), 1e-12);
        assertEquals(0.125, full.get("without text, over image-only").get(0), 1e-12);
        assertEquals(Set.of("all"), table.rows().get(1).values().keySet());
    }

    private static VqaRun.Figures figures(VqaVariant variant, Map<String, Double> metrics) {
        return new VqaRun.Figures(
                "grids", variant.label(), 17, 1, 2, false, 3, "cpu()", "FLOAT32", 4, 5, 6, metrics);
    }

    @Test
    void picturesAreMirroredInAllFourWaysWithTheirAnswers() {
        VqaData data = new ShapeQuestions();
        List<Scene> scenes = data.train(40, 17);
        TextTokenizer tokenizer = TextTokenizer.of(WordTokenizer.json(data.vocabulary()), 24);
        List<Integer> pictures = IntStream.range(0, 40).boxed().toList();
        Mirrors mirrors = new Mirrors(pictures, new Random(1));
        Set<Integer> ways = new TreeSet<>();
        try (NDManager manager = PyTorch.newBaseManager()) {
            VqaSet set = new VqaSet(data, scenes, 75, tokenizer, 1, false, manager);
            NDArray plain = set.images(pictures, manager);
            float[] before = plain.toFloatArray();
            float[] after = mirrors.apply(plain, pictures).toFloatArray();
            for (int picture : pictures) {
                int way = way(before, after, picture * 3 * 75 * 75);
                ways.add(way);
                for (VqaSet.Asked asked : set.questions(picture)) {
                    assertEquals(
                            data.mirroredAnswer(asked.question(), way % 2 == 1, way >= 2),
                            mirrors.answer(data, asked));
                }
            }
        }
        assertEquals(Set.of(0, 1, 2, 3), ways);
    }

    // 0 for a picture as it was, 1 more with sides exchanged, 2 more with top and bottom.
    private static int way(float[] before, float[] after, int at) {
        for (int way = 0; way < 4; way++) {
            boolean same = true;
            for (int i = 0; i < 3 * 75 * 75 && same; i++) {
                int x = i % 75;
                int row = Math.floorDiv(i, 75);
                int y = row % 75;
                int from = at + (row - y) * 75;
                int mirrored = (way >= 2 ? 74 - y : y) * 75 + (way % 2 == 1 ? 74 - x : x);
                same = Math.abs(after[at + i] - before[from + mirrored]) < 1e-4;
            }
            if (same) {
                return way;
            }
        }
        throw new AssertionError("the picture is none of the four");
    }

    @Test
    void gridsAreNotMirrored() {
        VqaData data = new GridQuestions(temporary);
        VqaConfig.Builder config = VqaConfig.builder(VqaVariant.FULL, data).optMirrored(true);
        assertThrows(IllegalArgumentException.class, config::build);
    }

    @Test
    void mirroredRunsAreNotTakenForOthers() throws Exception {
        VqaConfig mirrored = config(VqaVariant.FULL).optMirrored(true).build();
        VqaRun.Figures figures = VqaRun.run(mirrored, Device.cpu());
        assertTrue(figures.isOf(mirrored));
        assertFalse(figures.isOf(config(VqaVariant.FULL).build()));
        ResultsFile table =
                VqaTable.of(List.of(figures), "command", "commit", Environment.current(Map.of()));
        assertEquals("2, mirrored", table.rows().get(0).labels().get("pictures"));
    }

    @Test
    void runsOfOtherEpochsGetRowsOfTheirOwn() {
        VqaRun.Figures first = figures(VqaVariant.TEXT_ONLY, Map.of("all", 0.5));
        VqaRun.Figures longer =
                new VqaRun.Figures(
                        "grids",
                        "text-only",
                        17,
                        9,
                        2,
                        false,
                        3,
                        "cpu()",
                        "TF32",
                        4,
                        5,
                        6,
                        Map.of("all", 0.75));
        ResultsFile table =
                VqaTable.of(
                        List.of(first, longer), "command", "commit", Environment.current(Map.of()));
        assertEquals("1", table.rows().get(0).labels().get("epochs"));
        assertEquals("9", table.rows().get(1).labels().get("epochs"));
        assertEquals(List.of(0.75), table.rows().get(1).values().get("all"));
    }

    @Test
    void aTrainingGoesOnFromItsWorkFolder() throws Exception {
        Path work = temporary.resolve("work");
        VqaConfig config = config(VqaVariant.FULL).optWork(work).build();
        VqaRun.Figures whole = VqaRun.run(config, Device.cpu());
        FileTime before = Files.getLastModifiedTime(work);
        VqaRun.Figures again = VqaRun.run(config, Device.cpu());
        assertEquals(whole.metrics(), again.metrics());
        assertEquals(before, Files.getLastModifiedTime(work), "no step was left to make");
    }

    @Test
    void rejectsWhatIsNoVariant() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> VqaVariant.named("fulll"));
        assertTrue(e.getMessage().endsWith("got variant=fulll"), e.getMessage());
    }
}
