package org.jzoo.examples.retrieval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.jzoo.blocks.kernel.ImageKernel;

/**
 * Random changes that leave a picture on white what it is: it is turned, scaled, moved, and its
 * colours are shifted around the grey axis, made fainter or stronger, and nearer to or farther from
 * white, which stays white. Pictures are not mirrored: an arrow to the left is none to the right.
 *
 * @param turn most degrees to either side
 * @param scale most that sides grow or shrink by, as a share
 * @param shift most that it moves, as a share of the side
 * @param hue most degrees that hues move to either side
 * @param saturation most that colours become fainter or stronger, as a share
 * @param contrast most that the distance from white changes, as a share
 * @param grey share of the pictures that lose their colours
 */
record PictureChanges(
        double turn,
        double scale,
        double shift,
        double hue,
        double saturation,
        double contrast,
        double grey) {

    /** What trainings use. */
    static final PictureChanges USUAL = new PictureChanges(12, 0.15, 0.08, 15, 0.4, 0.3, 0.05);

    private static final double[] LUMINANCE = {0.299, 0.587, 0.114};
    private static final int PLACE_NUMBERS = 6;
    private static final int COLOUR_NUMBERS = 12;

    /**
     * Changes each picture in its own way.
     *
     * @param images (B, 3, Hi, Wi) in [-1, 1]
     * @param random says how; the same numbers give the same pictures
     */
    NDArray apply(NDArray images, Random random) {
        int rows = Math.toIntExact(images.getShape().get(0));
        float[] places = new float[rows * PLACE_NUMBERS];
        float[] colours = new float[rows * COLOUR_NUMBERS];
        for (int b = 0; b < rows; b++) {
            place(random, places, b * PLACE_NUMBERS);
            colour(random, colours, b * COLOUR_NUMBERS);
        }
        NDManager manager = images.getManager();
        try (NDArray place = manager.create(places, new Shape(rows, 2, 3));
                NDArray colour = manager.create(colours, new Shape(rows, 3, 4));
                NDArray moved = ImageKernel.warp(images, place, 1)) {
            return ImageKernel.recolour(moved, colour);
        }
    }

    private static double within(Random random, double most) {
        return (2 * random.nextDouble() - 1) * most;
    }

    /** Where each pixel of the result comes from: a turn, a scale and a shift. */
    private void place(Random random, float[] numbers, int at) {
        double angle = Math.toRadians(within(random, turn));
        double stretch = 1 + within(random, scale);
        float cos = (float) (Math.cos(angle) / stretch);
        float sin = (float) (Math.sin(angle) / stretch);
        numbers[at] = cos;
        numbers[at + 1] = -sin;
        numbers[at + 2] = (float) within(random, 2 * shift);
        numbers[at + 3] = sin;
        numbers[at + 4] = cos;
        numbers[at + 5] = (float) within(random, 2 * shift);
    }

    /** A map of colours, each of whose rows adds up to 1, so that greys and white stay. */
    private void colour(Random random, float[] numbers, int at) {
        double angle = Math.toRadians(within(random, hue));
        double strength = random.nextDouble() < grey ? 0 : 1 + within(random, saturation);
        double distance = 1 + within(random, contrast);
        // Rodrigues' rotation about (1, 1, 1).
        double same = (1 + 2 * Math.cos(angle)) / 3;
        double next = (1 - Math.cos(angle)) / 3 - Math.sin(angle) / Math.sqrt(3);
        double last = 1 - same - next;
        double[][] turned = {{same, next, last}, {last, same, next}, {next, last, same}};
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                double value = strength * turned[row][column];
                value += (1 - strength) * LUMINANCE[column];
                numbers[at + 4 * row + column] = (float) (distance * value);
            }
            numbers[at + 4 * row + 3] = (float) (1 - distance);
        }
    }
}
