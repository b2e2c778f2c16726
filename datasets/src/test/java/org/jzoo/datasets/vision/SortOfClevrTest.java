package org.jzoo.datasets.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortOfClevrTest {

    /** What can be seen of an object: its pixels' centre, and how many of its box they fill. */
    private record Seen(double x, double y, boolean circle) {

        double distance(Seen other) {
            return Math.hypot(x - other.x, y - other.y);
        }
    }

    /** Finds the objects again by the colours of the pixels. */
    private static Map<String, Seen> look(Scene scene) {
        Map<Integer, String> names =
                Map.of(
                        0xFF0000, "red", 0x0000FF, "blue", 0x00FF00, "green", 0xFF9C00, "orange",
                        0xFFFF00, "yellow", 0x808080, "gray");
        Map<String, double[]> sums = new HashMap<>();
        for (int i = 0; i < 75 * 75; i++) {
            byte[] rgb = scene.rgb();
            int color =
                    (rgb[3 * i] & 0xFF) << 16
                            | (rgb[3 * i + 1] & 0xFF) << 8
                            | (rgb[3 * i + 2] & 0xFF);
            if (color != 0xFFFFFF) {
                double[] sum = sums.computeIfAbsent(names.get(color), k -> new double[3]);
                sum[0]++;
                sum[1] += i % 75;
                sum[2] += Math.floorDiv(i, 75);
            }
        }
        Map<String, Seen> seen = new HashMap<>();
        sums.forEach(
                (name, sum) -> {
                    assertTrue(sum[0] == 121 || sum[0] == 89, name + " has pixels " + sum[0]);
                    seen.put(name, new Seen(sum[1] / sum[0], sum[2] / sum[0], sum[0] == 89));
                });
        return seen;
    }

    /** Answers by the question's words and the objects in the picture. */
    private static String answer(List<String> words, Map<String, Seen> seen) {
        String color = words.stream().filter(seen::containsKey).findFirst().orElseThrow();
        Seen object = seen.get(color);
        Set<String> set = new HashSet<>(words);
        if (set.contains("closest") || set.contains("nearest")) {
            return shape(others(seen, object).sorted(byDistance(object)).findFirst().orElseThrow());
        } else if (set.contains("furthest") || set.contains("farthest")) {
            return shape(others(seen, object).max(byDistance(object)).orElseThrow());
        } else if (set.contains("many") || set.contains("count") || set.contains("number")) {
            return "" + seen.values().stream().filter(o -> o.circle == object.circle).count();
        } else if (set.contains("shape")) {
            return shape(object);
        } else if (set.contains("left") || set.contains("right")) {
            return object.x < 37 == set.contains("left") ? "yes" : "no";
        }
        return object.y < 37 == set.contains("top") ? "yes" : "no";
    }

    private static Stream<Seen> others(Map<String, Seen> seen, Seen object) {
        return seen.values().stream().filter(other -> !other.equals(object));
    }

    private static Comparator<Seen> byDistance(Seen object) {
        return Comparator.comparingDouble(object::distance);
    }

    private static String shape(Seen object) {
        return object.circle ? "circle" : "square";
    }

    @Test
    void answersAreWhatAnEyeReadsOffThePixels() {
        for (Scene scene : joined(SortOfClevr.train(3).subList(0, 500), SortOfClevr.test(3))) {
            Map<String, Seen> seen = look(scene);
            assertEquals(6, seen.size());
            for (VisualQuestion question : scene.questions()) {
                assertEquals(
                        answer(question.words(), seen),
                        SortOfClevr.ANSWERS.get(question.answer()),
                        question.text());
            }
        }
    }

    @Test
    void mirroredAnswersAreWhatAnEyeReadsOffTheMirroredPixels() {
        for (Scene scene : SortOfClevr.train(3).subList(0, 100)) {
            for (int mirror = 0; mirror < 4; mirror++) {
                boolean sides = mirror % 2 == 1;
                boolean ends = mirror >= 2;
                byte[] rgb = new byte[scene.rgb().length];
                for (int i = 0; i < 75 * 75; i++) {
                    int x = sides ? 74 - i % 75 : i % 75;
                    int y = ends ? 74 - Math.floorDiv(i, 75) : Math.floorDiv(i, 75);
                    System.arraycopy(scene.rgb(), 3 * i, rgb, 3 * (75 * y + x), 3);
                }
                Map<String, Seen> seen = look(new Scene(rgb, scene.questions()));
                for (VisualQuestion question : scene.questions()) {
                    int answer = SortOfClevr.mirroredAnswer(question, sides, ends);
                    assertEquals(
                            answer(question.words(), seen),
                            SortOfClevr.ANSWERS.get(answer),
                            question.text());
                }
            }
        }
    }

    private static List<Scene> joined(List<Scene> a, List<Scene> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }

    @Test
    void codesNameTheColorAndTheKind() {
        for (Scene scene : SortOfClevr.test(5)) {
            Set<List<Long>> relational = new HashSet<>();
            for (VisualQuestion question : scene.questions()) {
                long[] code = question.code();
                List<String> words = question.words();
                assertEquals(11, code.length);
                assertEquals(3, Arrays.stream(code).filter(n -> n == 1).count());
                assertEquals(8, Arrays.stream(code).filter(n -> n == 0).count());
                int color = words.stream().mapToInt(SortOfClevr.COLORS::indexOf).max().orElse(-1);
                assertEquals(1, code[color]);
                assertEquals(1, code[question.relational() ? 7 : 6]);
                if (question.relational() && !question.unseenPhrasing()) {
                    relational.add(Arrays.stream(code).boxed().toList());
                }
            }
            assertEquals(10, relational.size(), "ten different relational questions");
        }
    }

    @Test
    void sizesAreAsPublished() {
        List<Scene> train = SortOfClevr.train(0);
        List<Scene> test = SortOfClevr.test(0);
        assertEquals(9_800, train.size());
        assertEquals(200, test.size());
        assertEquals(75, train.get(0).side());
        for (Scene scene : test) {
            assertEquals(40, scene.questions().size());
            assertEquals(20, count(scene, false));
            assertEquals(20, count(scene, true));
            for (int i = 0; i < 20; i++) {
                VisualQuestion known = scene.questions().get(i);
                VisualQuestion unseen = scene.questions().get(20 + i);
                assertTrue(unseen.unseenPhrasing() && !known.unseenPhrasing());
                assertEquals(i < 10, known.relational());
                assertEquals(Arrays.toString(known.code()), Arrays.toString(unseen.code()));
                assertEquals(known.answer(), unseen.answer());
            }
        }
        assertEquals(20, train.get(9_799).questions().size());
        assertThrows(IndexOutOfBoundsException.class, () -> train.get(9_800));
        assertThrows(UnsupportedOperationException.class, () -> train.remove(0));
    }

    private static long count(Scene scene, boolean unseen) {
        return scene.questions().stream().filter(q -> q.unseenPhrasing() == unseen).count();
    }

    @Test
    void unseenPhrasingsAreNewButTheirWordsAreNot() {
        Set<String> trainTexts = new TreeSet<>();
        Set<String> trainWords = new TreeSet<>();
        for (Scene scene : SortOfClevr.train(1).subList(0, 2_000)) {
            for (VisualQuestion question : scene.questions()) {
                trainTexts.add(question.text());
                trainWords.addAll(question.words());
            }
        }
        Set<String> unseenTexts = new TreeSet<>();
        for (Scene scene : SortOfClevr.test(1)) {
            for (VisualQuestion question : scene.questions()) {
                assertEquals(question.unseenPhrasing(), !trainTexts.contains(question.text()));
                if (question.unseenPhrasing()) {
                    unseenTexts.add(question.text());
                    assertTrue(trainWords.containsAll(question.words()), question.text());
                }
            }
        }
        assertTrue(unseenTexts.size() > 100, "got " + unseenTexts.size());
        assertEquals(List.copyOf(trainWords), SortOfClevr.vocabulary());
    }

    @Test
    void answersAreBalancedAndBlindGuessingStaysFarBelowThePublishedModels() {
        List<Scene> train = SortOfClevr.train(7).subList(0, 4_000);
        List<Scene> test = SortOfClevr.test(7);
        int[] counts = new int[SortOfClevr.ANSWERS.size()];
        for (Scene scene : train) {
            scene.questions().forEach(question -> counts[question.answer()]++);
        }
        // Of a picture's 20 questions 6⅔ ask for halves, 10 for shapes, 3⅓ for numbers.
        double[] expected = new double[counts.length];
        Arrays.fill(expected, 0, 2, 20.0 / 6 / 20);
        Arrays.fill(expected, 2, 4, 5.0 / 20);
        int[] binomial = {1, 5, 10, 10, 5, 1};
        for (int i = 0; i < 6; i++) {
            expected[4 + i] = binomial[i] / 32.0 / 6;
        }
        for (int i = 0; i < counts.length; i++) {
            assertEquals(expected[i], counts[i] / 80_000.0, 0.006, SortOfClevr.ANSWERS.get(i));
        }
        MajorityAnswer blind = new MajorityAnswer(train, SortOfClevr.ANSWERS.size());
        assertEquals(0.44, blind.accuracy(test, VisualQuestion::relational), 0.04);
        assertEquals(0.50, blind.accuracy(test, question -> !question.relational()), 0.04);
    }

    @Test
    void oneSeedGivesTheSameBytesEverywhere() {
        assertEquals(
                "9279ae76d811399e5e70c7d17a2a9f05c217bffc9160a311d03171af103b45dd",
                Scene.sha256(SortOfClevr.train(42)));
        assertEquals(
                "6cca82e41648293948b81c554419e0a1e6c0d139e07f31f5849070a66508a933",
                Scene.sha256(SortOfClevr.test(42)));
        assertNotEquals(Scene.sha256(SortOfClevr.test(1)), Scene.sha256(SortOfClevr.test(2)));
    }

    @Test
    void noTestPictureIsATrainingPicture() {
        Set<String> train = new HashSet<>();
        SortOfClevr.train(9)
                .forEach(scene -> train.add(new String(scene.rgb(), StandardCharsets.ISO_8859_1)));
        assertEquals(9_800, train.size());
        long same =
                SortOfClevr.test(9).stream()
                        .filter(
                                scene ->
                                        train.contains(
                                                new String(
                                                        scene.rgb(), StandardCharsets.ISO_8859_1)))
                        .count();
        assertEquals(0, same);
    }

    @Test
    void aPngHoldsThePixels(@TempDir Path folder) throws IOException {
        Scene scene = SortOfClevr.test(2).get(11);
        Path file = folder.resolve("scene.png");
        scene.writePng(file);
        var image = ImageIO.read(file.toFile());
        for (int i = 0; i < 75 * 75; i++) {
            int rgb = image.getRGB(i % 75, i / 75);
            assertEquals(scene.rgb()[3 * i], (byte) (rgb >> 16));
            assertEquals(scene.rgb()[3 * i + 1], (byte) (rgb >> 8));
            assertEquals(scene.rgb()[3 * i + 2], (byte) rgb);
        }
    }

    @Test
    void aPictureMustBeSquare() {
        assertEquals(
                "rgb must be a square picture of three bytes a pixel, got rgb.length=18",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Scene(new byte[18], List.of()))
                        .getMessage());
    }
}
