package org.jzoo.datasets.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.text.DataException;

class FashionGridsTest {

    private static final int TRAIN = 40;
    private static final int TEST = 20;

    @TempDir Path folder;

    /** Training pictures are all of one grey, 10 · kind; those for testing of 10 · kind + 1. */
    @BeforeEach
    void writeIdx() throws IOException {
        for (boolean test : new boolean[] {false, true}) {
            int size = test ? TEST : TRAIN;
            ByteBuffer images = ByteBuffer.allocate(16 + size * 784);
            ByteBuffer labels = ByteBuffer.allocate(8 + size);
            images.putInt(0x803).putInt(size).putInt(28).putInt(28);
            labels.putInt(0x801).putInt(size);
            for (int i = 0; i < size; i++) {
                byte[] grey = new byte[784];
                Arrays.fill(grey, (byte) (10 * (i % 10) + 20 + (test ? 1 : 0)));
                images.put(grey);
                labels.put((byte) (i % 10));
            }
            String half = test ? "t10k" : "train";
            write(half + "-images-idx3-ubyte.gz", images.array());
            write(half + "-labels-idx1-ubyte.gz", labels.array());
        }
    }

    private void write(String name, byte[] bytes) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            out.write(bytes);
        }
    }

    /** Reads the kinds off the middles of the cells. */
    private static int[] look(Scene scene, boolean test) {
        int side = scene.side();
        int cells = side / 28;
        int[] kinds = new int[cells * cells];
        for (int i = 0; i < kinds.length; i++) {
            int at = ((i / cells * 28 + 14) * side + i % cells * 28 + 14) * 3;
            int grey = scene.rgb()[at] & 0xFF;
            assertEquals(scene.rgb()[at], scene.rgb()[at + 2]);
            assertEquals(test ? 1 : 0, grey % 10, "test grids are made of test pictures only");
            kinds[i] = grey / 10 - 2;
        }
        return kinds;
    }

    private static final List<String> PLURALS =
            List.of(
                    "t-shirts",
                    "trousers",
                    "pullovers",
                    "dresses",
                    "coats",
                    "sandals",
                    "shirts",
                    "sneakers",
                    "bags",
                    "ankle boots");

    /** The cells that a text names, in its order. */
    private static List<Integer> cells(String text, int cells) {
        List<Integer> found = new ArrayList<>();
        List<String> words = VisualQuestion.words(text);
        for (int i = 0; i < words.size(); i++) {
            int row = List.of("top", "middle", "bottom").indexOf(words.get(i));
            int column =
                    i + 1 == words.size()
                            ? -1
                            : List.of("left", "middle", "right").indexOf(words.get(i + 1));
            if (row >= 0 && column >= 0) {
                found.add(cells == 3 ? row * 3 + column : row / 2 * 2 + column / 2);
                i++;
            } else if (words.get(i).equals("center")) {
                found.add(4);
            }
        }
        return found;
    }

    private static String answer(VisualQuestion question, int[] kinds) {
        String text = question.text().toLowerCase(Locale.ROOT);
        int side = kinds.length == 4 ? 2 : 3;
        List<Integer> named = cells(text, side);
        if (named.size() == 2) {
            boolean same = kinds[named.get(0)] == kinds[named.get(1)];
            return same == text.contains("same") ? "yes" : "no";
        } else if (named.size() == 1) {
            return GarmentImages.NAMES.get(kinds[named.get(0)]);
        }
        boolean count = text.contains("many") || text.contains("count") || text.contains("number");
        List<String> names = count ? PLURALS : GarmentImages.NAMES;
        int kind = -1;
        for (int i = 0; i < 10; i++) {
            String padded = " " + text.replace("?", "") + " ";
            if (padded.contains(" " + names.get(i).toLowerCase(Locale.ROOT) + " ")) {
                kind = i;
            }
        }
        List<Integer> at = new ArrayList<>();
        for (int i = 0; i < kinds.length; i++) {
            if (kinds[i] == kind) {
                at.add(i);
            }
        }
        if (count) {
            return "" + at.size();
        }
        assertEquals(1, at.size(), "where is asked of what occurs once");
        String row =
                List.of("top", side == 2 ? "bottom" : "middle", "bottom").get(at.get(0) / side);
        String column =
                List.of("left", side == 2 ? "right" : "middle", "right").get(at.get(0) % side);
        return row.equals(column) ? "center" : row + " " + column;
    }

    @Test
    void answersAreWhatAnEyeReadsOffTheGrid() {
        for (int cells : new int[] {2, 3}) {
            FashionGrids grids = new FashionGrids(folder, cells);
            for (boolean test : new boolean[] {false, true}) {
                List<Scene> scenes = test ? grids.test(150, 5) : grids.train(300, 5);
                for (Scene scene : scenes) {
                    assertEquals(28 * cells, scene.side());
                    assertEquals(test ? 14 : 7, scene.questions().size());
                    int[] kinds = look(scene, test);
                    for (VisualQuestion question : scene.questions()) {
                        assertEquals(
                                answer(question, kinds),
                                FashionGrids.ANSWERS.get(question.answer()),
                                question.text());
                    }
                }
            }
        }
    }

    @Test
    void unseenPhrasingsAreNewButTheirWordsAreNot() {
        FashionGrids grids = new FashionGrids(folder, 3);
        Set<String> texts = new HashSet<>();
        Set<String> words = new TreeSet<>();
        for (Scene scene : grids.train(1_500, 1)) {
            for (VisualQuestion question : scene.questions()) {
                texts.add(question.text());
                words.addAll(question.words());
            }
        }
        for (Scene scene : grids.test(200, 1)) {
            for (VisualQuestion question : scene.questions()) {
                if (question.unseenPhrasing()) {
                    assertTrue(!texts.contains(question.text()), question.text());
                    assertTrue(words.containsAll(question.words()), question.text());
                }
            }
        }
        assertEquals(List.copyOf(words), FashionGrids.vocabulary());
    }

    @Test
    void blindGuessingIsFarFromRight() {
        for (int cells : new int[] {2, 3}) {
            FashionGrids grids = new FashionGrids(folder, cells);
            MajorityAnswer blind =
                    new MajorityAnswer(grids.train(1_500, 2), FashionGrids.ANSWERS.size());
            List<Scene> test = grids.test(500, 2);
            double relational = blind.accuracy(test, VisualQuestion::relational);
            double other = blind.accuracy(test, question -> !question.relational());
            assertTrue(relational < 0.56, "relational: " + relational);
            assertTrue(other < 0.22, "not relational: " + other);
        }
    }

    @Test
    void codesTellQuestionsApart() {
        FashionGrids grids = new FashionGrids(folder, 3);
        for (Scene scene : grids.test(100, 3)) {
            for (int i = 0; i < 7; i++) {
                long[] code = scene.questions().get(i).code();
                assertEquals(32, code.length);
                assertArrayEquals(code, scene.questions().get(7 + i).code());
                long places = Arrays.stream(code, 14, 32).sum();
                assertEquals(i < 2 ? 1 : i < 5 ? 0 : 2, places);
                assertEquals(i < 2 || i > 4 ? 0 : 1, Arrays.stream(code, 4, 14).sum());
                boolean different = scene.questions().get(i).words().contains("different");
                assertEquals(different ? -1 : 1, Arrays.stream(code, 0, 4).sum());
            }
        }
    }

    @Test
    void oneSeedGivesTheSameGridsAndAnotherOneOthers() {
        FashionGrids grids = new FashionGrids(folder, 2);
        assertEquals(
                "aedb2250008147e2ebf2ece353b0cefae32417b366a6a70234919d4c66e35c6f",
                Scene.sha256(grids.test(50, 8)));
        assertNotEquals(Scene.sha256(grids.test(50, 8)), Scene.sha256(grids.test(50, 9)));
    }

    @Test
    void brokenFilesAreNamed() throws IOException {
        assertEquals(
                "cells must be 2 or 3, got cells=4",
                assertThrows(IllegalArgumentException.class, () -> new FashionGrids(folder, 4))
                        .getMessage());
        Path labels = folder.resolve("train-labels-idx1-ubyte");
        Files.write(labels, new byte[] {0, 0, 8, 1, 0, 0, 0, 3, 1, 2});
        assertEquals(labels + ": must hold exactly 3 bytes after its header, got 2", fault());
        Files.write(labels, new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 1});
        assertEquals(
                folder
                        + ": must hold as many labels as pictures of 28 × 28 pixels, got"
                        + " pictures=[40, 28, 28], labels=1",
                fault());
        Files.write(labels, new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 1});
        assertEquals(
                labels
                        + ": must be an IDX file of unsigned bytes in 1 dimensions, got"
                        + " header=00000803",
                fault());
        byte[] many = new byte[48];
        many[2] = 8;
        many[3] = 1;
        many[7] = 40;
        many[9] = 11;
        Files.write(labels, many);
        assertEquals(folder + ": labels must be in [0, 10), got label=11 at 1", fault());
        Files.delete(labels);
        Files.delete(folder.resolve("train-labels-idx1-ubyte.gz"));
        assertEquals(
                folder
                        + ": must hold train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz, got"
                        + " neither",
                fault());
    }

    private String fault() {
        return assertThrows(DataException.class, () -> GarmentImages.train(folder)).getMessage();
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "JZOO_FASHION_MNIST",
            matches = ".+",
            disabledReason = "JZOO_FASHION_MNIST names no folder of the IDX files")
    void theRealFilesHaveTheirPublishedSizes() {
        Path real = Path.of(System.getenv("JZOO_FASHION_MNIST"));
        assertEquals(60_000, GarmentImages.train(real).size());
        GarmentImages test = GarmentImages.test(real);
        assertEquals(10_000, test.size());
        for (int kind = 0; kind < 10; kind++) {
            assertEquals(1_000, test.withLabel(kind).length);
        }
        assertEquals(84, new FashionGrids(real, 3).test(1, 0).get(0).side());
    }
}
