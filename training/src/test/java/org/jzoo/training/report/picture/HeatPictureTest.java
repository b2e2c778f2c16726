package org.jzoo.training.report.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeatPictureTest {

    private static final HeatPicture PICTURE = new HeatPicture("loads", "kind", "expert");

    @Test
    void cellsAreShadedByTheirShare() {
        BufferedImage image =
                PICTURE.draw(
                        List.of("a", "b"),
                        List.of("0", "1", "2"),
                        new double[][] {{0.75, 0.25, 0}, {0, 0, 1}});
        int area = 72 * 72;
        for (double share : new double[] {0.75, 0.25, 1}) {
            long pixels = PicturesTest.count(image, Palette.shade(share));
            assertTrue(pixels > area * 0.7 && pixels < area, share + ": " + pixels);
        }
    }

    private static void refuses(String message, double[]... shares) {
        assertEquals(
                message,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> PICTURE.draw(List.of("a"), List.of("0", "1"), shares))
                        .getMessage());
    }

    @Test
    void sharesThatDoNotFitAreRefused() {
        refuses("shares must have a row for each of >= 1 names, got shares=0, rows=1, columns=2");
        refuses(
                "shares of a row must be as many as columns, got shares=1, columns=2",
                new double[] {1});
        refuses("share must be in [0, 1], got share=1.5", new double[] {1.5, 0});
    }
}
