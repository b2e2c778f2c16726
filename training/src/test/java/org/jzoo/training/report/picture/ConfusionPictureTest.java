package org.jzoo.training.report.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.training.metric.ConfusionMatrix;

class ConfusionPictureTest {

    private static ConfusionMatrix matrix(int numClasses) {
        return new ConfusionMatrix(
                IntStream.range(0, numClasses).mapToObj(c -> "class " + c).toList());
    }

    /** Rows 3 of 4 and 4 of 4 right: the shade of each cell is its share of the row. */
    @Test
    void cellsAreShadedByTheirShareOfTheRow() {
        ConfusionMatrix matrix = matrix(2);
        matrix.add(new int[] {0, 0, 0, 1, 1, 1, 1, 1}, new int[] {0, 0, 0, 0, 1, 1, 1, 1});
        BufferedImage image = ConfusionPicture.draw("t", matrix);
        int area = 120 * 120;
        for (double share : new double[] {0.75, 0.25, 1}) {
            long pixels = PicturesTest.count(image, Palette.shade(share));
            assertTrue(pixels > area * 0.7 && pixels < area, share + ": " + pixels);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 19, 40})
    void everyCellHasItsPlaceForAnyNumberOfClasses(int numClasses) {
        ConfusionMatrix matrix = matrix(numClasses);
        for (int c = 0; c < numClasses; c++) {
            matrix.add(new int[] {c}, new int[] {c});
        }
        BufferedImage image = ConfusionPicture.draw("t", matrix);
        int cell = Math.max(40, Math.min(120, 760 / numClasses));
        assertTrue(image.getWidth() > numClasses * cell);
        assertTrue(image.getHeight() > numClasses * cell);
        long diagonal = PicturesTest.count(image, Palette.shade(1));
        long area = (long) numClasses * cell * cell;
        assertTrue(diagonal > area * 0.5 && diagonal < area, "pixels " + diagonal);
    }

    @Test
    void anEmptyMatrixAndLongNamesAreDrawn() {
        ConfusionMatrix matrix =
                new ConfusionMatrix(List.of("x".repeat(300), "", "\uD83D\uDE00".repeat(90)));
        BufferedImage image = ConfusionPicture.draw("title ".repeat(30), matrix);
        assertTrue(image.getWidth() < 2500, "width " + image.getWidth());
        assertTrue(PicturesTest.count(image, Palette.INK) > 100);
    }

    @Test
    void textIsReadableOnEveryShade() {
        for (int percent = 0; percent <= 100; percent++) {
            Color background = Palette.shade(percent / 100.0);
            double contrast = contrast(background, Palette.inkOn(background));
            assertTrue(contrast > 4.5, percent + "%: " + contrast);
        }
        assertEquals(Color.WHITE, Palette.shade(0));
    }

    /** The contrast ratio of WCAG 2, 1 to 21. */
    private static double contrast(Color a, Color b) {
        double bright = Math.max(luminance(a), luminance(b));
        double dark = Math.min(luminance(a), luminance(b));
        return (bright + 0.05) / (dark + 0.05);
    }

    private static double luminance(Color color) {
        return 0.2126 * linear(color.getRed())
                + 0.7152 * linear(color.getGreen())
                + 0.0722 * linear(color.getBlue());
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
