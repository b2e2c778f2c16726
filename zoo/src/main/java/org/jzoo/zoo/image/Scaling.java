package org.jzoo.zoo.image;

import java.util.Arrays;
import org.jzoo.zoo.image.Resampling.Taps;

/**
 * Scales a picture and cuts a window out of the result, row by row, so that a large picture needs
 * no second copy. The arithmetic is Pillow's, to the bit: 22 binary digits for weights, whole steps
 * of 0 … 255 after each axis.
 *
 * @param height of the whole scaled picture
 * @param width of the whole scaled picture
 * @param top first row of the window
 * @param left first column of the window
 * @param resampling how pixels are weighed
 */
record Scaling(int height, int width, int top, int left, Resampling resampling) {

    /**
     * Scales.
     *
     * @param rows the picture
     * @param channels 3 for red, green and blue, 1 for grey
     * @param windowHeight rows of the window
     * @param windowWidth columns of the window
     * @return (channels, windowHeight, windowWidth) from 0 to 255; 0 where the window is larger
     *     than the scaled picture
     */
    int[] apply(PixelRows rows, int channels, int windowHeight, int windowWidth) {
        Taps[] across = taps(left, windowWidth, rows.width(), width);
        Taps[] down = taps(top, windowHeight, rows.height(), height);
        int size = windowHeight * windowWidth;
        int[] result = new int[channels * size];
        int[] rgb = new int[3 * rows.width()];
        int[] line = new int[channels * rows.width()];
        int[] scaled = new int[channels * windowWidth];
        int firstLive = 0;
        for (int y = 0; y < rows.height(); y++) {
            // Taps move downwards, so that the live rows of the window are a run.
            while (firstLive < windowHeight
                    && (down[firstLive] == null || down[firstLive].end() <= y)) {
                firstLive++;
            }
            if (firstLive == windowHeight) {
                break;
            }
            if (down[firstLive].first() > y) {
                continue;
            }
            rows.read(y, rgb);
            toChannels(rgb, line, channels);
            scaleLine(line, rows.width(), across, scaled, channels, windowWidth);
            for (int r = firstLive;
                    r < windowHeight && down[r] != null && down[r].first() <= y;
                    r++) {
                if (down[r].end() > y) {
                    int weight = down[r].weights()[y - down[r].first()];
                    for (int c = 0; c < channels; c++) {
                        int to = c * size + r * windowWidth;
                        for (int x = 0; x < windowWidth; x++) {
                            result[to + x] += weight * scaled[c * windowWidth + x];
                        }
                    }
                }
            }
        }
        for (int i = 0; i < result.length; i++) {
            result[i] = Taps.pixel(result[i]);
        }
        return result;
    }

    // Null for what lies outside of the scaled picture.
    private Taps[] taps(int start, int count, int from, int to) {
        Taps[] taps = new Taps[count];
        for (int i = 0; i < count; i++) {
            int target = start + i;
            taps[i] = target >= 0 && target < to ? resampling.taps(target, from, to) : null;
        }
        return taps;
    }

    private static void toChannels(int[] rgb, int[] line, int channels) {
        int width = rgb.length / 3;
        for (int x = 0; x < width; x++) {
            int r = rgb[3 * x];
            int g = rgb[3 * x + 1];
            int b = rgb[3 * x + 2];
            if (channels == 1) {
                // ITU-R 601 luma in 16 bits.
                line[x] = (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16;
            } else {
                line[x] = r;
                line[width + x] = g;
                line[2 * width + x] = b;
            }
        }
    }

    private static void scaleLine(
            int[] line, int width, Taps[] across, int[] scaled, int channels, int count) {
        Arrays.fill(scaled, 0);
        for (int c = 0; c < channels; c++) {
            for (int x = 0; x < count; x++) {
                Taps taps = across[x];
                if (taps != null) {
                    int sum = 0;
                    int from = c * width + taps.first();
                    int[] weights = taps.weights();
                    for (int i = 0; i < weights.length; i++) {
                        sum += weights[i] * line[from + i];
                    }
                    scaled[c * count + x] = Taps.pixel(sum);
                }
            }
        }
    }
}
