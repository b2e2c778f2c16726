package org.jzoo.training.report.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.jzoo.training.report.RunEvent;

class ChartsTest {

    private static final double[] X = {1, 10, 100};
    private static final double[] Y = {3, 2, 1};

    @Test
    void everyLineIsDrawnInItsColor() {
        BufferedImage image = new LinePicture("t", "x", "y").line("a", X, Y).line("b", X, X).draw();
        assertEquals(900, image.getWidth());
        assertEquals(560, image.getHeight());
        assertTrue(PicturesTest.count(image, Palette.series(0)) > 500);
        assertTrue(PicturesTest.count(image, Palette.series(1)) > 500);
        assertEquals(0, PicturesTest.count(image, Palette.series(2)));
    }

    @Test
    void logarithmicAxesTakeWhatTheyCanShow() {
        LinePicture picture = new LinePicture("t", "x", "y").logX().logY();
        picture.line("a", X, new double[] {0.1, 0, Double.NaN});
        picture.line("wide", X, Y, new double[] {4, Double.NaN, 0.1});
        assertTrue(PicturesTest.count(picture.draw(), Palette.series(1)) > 100);
        picture.line("zero", new double[] {0}, new double[] {1});
        assertMessage("x must be > 0 on a logarithmic axis, got x=0.0 in zero", picture::draw);
    }

    @Test
    void aPictureWithoutValuesIsStillAPicture() {
        double[] nothing = {Double.NaN, Double.NaN, Double.NaN};
        BufferedImage image = new LinePicture("title", "x", "y").line("a", X, nothing).draw();
        assertTrue(PicturesTest.count(image, Palette.INK) > 10);
        assertEquals(0, PicturesTest.count(image, Palette.series(0)));
    }

    @Test
    void constantAndSingleValuesAreDrawn() {
        BufferedImage image =
                new LinePicture("t", "x", "y")
                        .line("flat", X, new double[] {5, 5, 5})
                        .line("one", new double[] {3}, new double[] {5})
                        .draw();
        assertTrue(PicturesTest.count(image, Palette.series(1)) > 20);
    }

    @Test
    void errorsThatAreAllMissingChangeNothing() {
        double[] none = {Double.NaN, Double.NaN, Double.NaN};
        BufferedImage with = new LinePicture("t", "x", "y").line("a", X, Y, none).draw();
        BufferedImage without = new LinePicture("t", "x", "y").line("a", X, Y).draw();
        assertArrayEquals(pixels(without), pixels(with));
    }

    private static int[] pixels(BufferedImage image) {
        int width = image.getWidth();
        return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    }

    @Test
    void linesAreChecked() {
        LinePicture picture = new LinePicture("t", "x", "y").line("a", X, Y);
        assertMessage(
                "x, y and errors of b must have the same length, got x=3, y=2, errors=none",
                () -> picture.line("b", X, new double[2]));
        assertMessage("name must be new, got name=a", () -> picture.line("a", X, Y));
        assertMessage(
                "lowest must be < highest, got lowest=1.0, highest=1.0",
                () -> picture.yRange(1, 1));
    }

    /** Bars of 3 and 1 over two groups: three times the area, apart from their labels. */
    @Test
    void barsAreAsTallAsTheirValues() {
        BufferedImage image =
                new BarPicture("t", "y", List.of("g", "h"))
                        .bars("a", new double[] {30, 30})
                        .bars("b", new double[] {10, Double.NaN}, new double[] {1, 1})
                        .draw();
        double ratio =
                (double) PicturesTest.count(image, Palette.series(0))
                        / PicturesTest.count(image, Palette.series(1));
        assertEquals(6, ratio, 0.4);
    }

    @Test
    void barsWithoutHeightAreDrawn() {
        for (double value : new double[] {0, Double.NaN}) {
            BarPicture picture = new BarPicture("t", "y", List.of("g"));
            BufferedImage image = picture.bars("a", new double[] {value}).draw();
            assertTrue(PicturesTest.count(image, Palette.MUTED) > 100, "axes of " + value);
        }
    }

    @Test
    void barsAreChecked() {
        BarPicture picture = new BarPicture("t", "y", List.of("g"));
        assertMessage(
                "values and errors of a must be one for each group, got values=2, errors=2,"
                        + " groups=1",
                () -> picture.bars("a", new double[2]));
        assertMessage(
                "groups must be one or more different names, got groups=[g, g]",
                () -> new BarPicture("t", "y", List.of("g", "g")));
        var error = assertThrows(IllegalStateException.class, picture::draw);
        assertEquals("bars must be added before drawing", error.getMessage());
    }

    @Test
    void ticksAreShort() {
        assertEquals("0", Charts.tick(0));
        assertEquals("5e-5", Charts.tick(5e-5));
        assertEquals("-1.25e-7", Charts.tick(-1.25e-7));
        assertEquals("0.25", Charts.tick(0.25));
        assertEquals("100", Charts.tick(100));
        assertEquals("1,200", Charts.tick(1200));
        assertEquals("1e10", Charts.tick(1e10));
    }

    @Test
    void aRunHasAPanelForEachKindOfFigure() {
        List<RunEvent> events = new ArrayList<>();
        for (int step = 1; step <= 30; step++) {
            events.add(RunEvent.train(step, step / 10.0, 1.0 / step, 1e-4, 2));
        }
        assertSize(1280, 848, events); // loss, learning rate and gradient norm: two rows
        events.add(RunEvent.validation(30, 3, Map.of("loss", .5, "accuracy", .9, "f1", .8)));
        assertSize(1280, 848, events); // fractions share one panel
        events.add(RunEvent.validation(31, 3, Map.of("perplexity", 12.5)));
        assertSize(1280, 1248, events);
        assertSize(640, 448, List.of());
    }

    @Test
    void trainingAndValidationLossHaveTheirColors() {
        List<RunEvent> events = new ArrayList<>();
        for (int step = 1; step <= 200; step++) {
            events.add(new RunEvent("train", step, 1, Instant.EPOCH, loss(step)));
        }
        events.add(RunEvent.validation(100, 1, Map.of("loss", 0.3)));
        events.add(RunEvent.validation(200, 1, Map.of("loss", 0.2)));
        BufferedImage image = Curves.draw("t", events);
        assertTrue(PicturesTest.count(image, Palette.series(0)) > 300); // smoothed
        assertTrue(PicturesTest.count(image, Palette.tint(Palette.series(0))) > 100); // raw
        assertTrue(PicturesTest.count(image, Palette.series(1)) > 200);
    }

    private static Map<String, Double> loss(int step) {
        return Map.of("loss", step == 7 ? Double.NaN : 0.3 + 0.2 * (step % 2));
    }

    /** By hand: 50 values reach one neighbor to each side. */
    @Test
    void smoothingIsTheMeanWithTheNeighbors() {
        double[] values = new double[50];
        values[0] = 6;
        values[10] = 3;
        double[] expected = new double[50];
        expected[0] = 3;
        expected[1] = 2;
        Arrays.fill(expected, 9, 12, 1);
        assertArrayEquals(expected, Curves.smoothed(values), 1e-12);
    }

    @Test
    void thinningKeepsTheEnds() {
        double[] values = new double[12_345];
        Arrays.setAll(values, i -> i);
        double[] thin = Curves.thinned(values);
        assertEquals(1000, thin.length);
        assertEquals(0, thin[0]);
        assertEquals(12_344, thin[999]);
    }

    /** Differences as someone without red or green cones sees them (Viénot et al. 1999). */
    @Test
    void colorsDifferForColorBlindPeople() {
        double[][] protan = {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}};
        double[][] deutan = {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}};
        for (double[][] eye : List.of(protan, deutan)) {
            for (int a = 0; a < 7; a++) {
                for (int b = 0; b < a; b++) {
                    double distance = distance(Palette.series(a), Palette.series(b), eye);
                    assertTrue(distance > 0.1, "colors " + a + " and " + b + ": " + distance);
                }
            }
        }
    }

    private static double distance(Color a, Color b, double[][] eye) {
        double sum = 0;
        for (double[] row : eye) {
            double difference = seen(a, row) - seen(b, row);
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    /** One channel as the eye sees it, in display units so that dark differences count. */
    private static double seen(Color color, double[] row) {
        double light = 0;
        int[] channels = {color.getRed(), color.getGreen(), color.getBlue()};
        for (int c = 0; c < 3; c++) {
            light += row[c] * Math.pow(channels[c] / 255.0, 2.2);
        }
        return Math.pow(Math.max(0, light), 1 / 2.2);
    }

    private static void assertSize(int width, int height, List<RunEvent> events) {
        BufferedImage image = Curves.draw("run", events);
        assertEquals(width, image.getWidth());
        assertEquals(height, image.getHeight());
    }

    private static void assertMessage(String message, Runnable call) {
        var error = assertThrows(IllegalArgumentException.class, call::run);
        assertEquals(message, error.getMessage());
    }
}
