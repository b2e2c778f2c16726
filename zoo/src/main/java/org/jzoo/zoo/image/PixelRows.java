package org.jzoo.zoo.image;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * A picture read row by row, as red, green and blue from 0 to 255. Transparency is dropped; stored
 * numbers are taken as they are, without colour profiles.
 */
interface PixelRows {

    /** Pixels from left to right. */
    int width();

    /** Pixels from top to bottom. */
    int height();

    /** Fills {@code rgb} (width · 3) with row {@code y}. */
    void read(int y, int[] rgb);

    /** The rows of a picture, decoded by ImageIO or by another image factory. */
    static PixelRows of(Image image) {
        if (image.getWrappedImage() instanceof BufferedImage picture) {
            return isPlain(picture) ? new Samples(picture) : new Colours(picture);
        }
        return Bytes.of(image);
    }

    // Java would brighten grey pictures, whose stored numbers it takes for linear light.
    private static boolean isPlain(BufferedImage picture) {
        ColorModel model = picture.getColorModel();
        int space = model.getColorSpace().getType();
        int type = picture.getRaster().getTransferType();
        boolean sized =
                type == DataBuffer.TYPE_BYTE
                        || type == DataBuffer.TYPE_USHORT
                        || type == DataBuffer.TYPE_INT;
        return sized
                && !(model instanceof IndexColorModel)
                && !model.isAlphaPremultiplied()
                && (space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB);
    }

    /** Stored samples: grey or red, green and blue, with transparency or without. */
    final class Samples implements PixelRows {

        private final Raster raster;
        private final int bands;
        private final int[] bits;
        private final int[] samples;

        private Samples(BufferedImage picture) {
            raster = picture.getRaster();
            bands = raster.getNumBands();
            bits = raster.getSampleModel().getSampleSize();
            samples = new int[raster.getWidth() * bands];
        }

        @Override
        public int width() {
            return raster.getWidth();
        }

        @Override
        public int height() {
            return raster.getHeight();
        }

        @Override
        public void read(int y, int[] rgb) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width(), 1, samples);
            for (int x = 0; x < width(); x++) {
                for (int c = 0; c < 3; c++) {
                    int band = bands < 3 ? 0 : c;
                    int sample = samples[x * bands + band];
                    rgb[3 * x + c] = bits[band] == 8 ? sample : scaled(sample, bits[band]);
                }
            }
        }

        private static int scaled(int sample, int bits) {
            return bits > 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1);
        }
    }

    /** Palettes and rarer models, through Java's colours. */
    final class Colours implements PixelRows {

        private final BufferedImage picture;
        private final int[] packed;

        private Colours(BufferedImage picture) {
            this.picture = picture;
            packed = new int[picture.getWidth()];
        }

        @Override
        public int width() {
            return picture.getWidth();
        }

        @Override
        public int height() {
            return picture.getHeight();
        }

        @Override
        public void read(int y, int[] rgb) {
            picture.getRGB(0, y, packed.length, 1, packed, 0, packed.length);
            for (int x = 0; x < packed.length; x++) {
                rgb[3 * x] = (packed[x] >> 16) & 0xff;
                rgb[3 * x + 1] = (packed[x] >> 8) & 0xff;
                rgb[3 * x + 2] = packed[x] & 0xff;
            }
        }
    }

    /** Pictures of other image factories, as the bytes of an array. */
    record Bytes(int width, int height, byte[] all) implements PixelRows {

        private static Bytes of(Image image) {
            try (NDManager manager = NDManager.newBaseManager();
                    NDArray array = image.toNDArray(manager, Image.Flag.COLOR)) {
                return new Bytes(image.getWidth(), image.getHeight(), array.toByteArray());
            }
        }

        @Override
        public void read(int y, int[] rgb) {
            for (int i = 0; i < rgb.length; i++) {
                rgb[i] = all[y * rgb.length + i] & 0xff;
            }
        }
    }
}
