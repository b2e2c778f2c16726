package org.jzoo.zoo.j1;

import ai.djl.modality.cv.Image;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * What a model answers to a {@link VisualQuestion}.
 *
 * @param probabilities of all answers, in the order of the task's labels; they add up to 1
 * @param textWeight how much the text counted, in [0, 1]; 1 without an image, NaN without a gate
 * @param imageWeight how much the image counted, likewise; the two add up to 1
 * @param attention the share of attention that the text paid each patch, row by row; they add up to
 *     1. Null without an image or without attention between text and image
 */
public record Answer(
        Map<String, Double> probabilities,
        double textWeight,
        double imageWeight,
        float[][] attention) {

    private static final int OPAQUE = 160;

    /** The likeliest answer. */
    public String best() {
        return probabilities.entrySet().stream()
                .max(Comparator.comparingDouble(Map.Entry::getValue))
                .orElseThrow()
                .getKey();
    }

    /**
     * Where the text looked: the picture, dimmed, with patches the clearer the more attention they
     * got.
     *
     * @param image the picture that was asked about
     * @return of the picture's size
     * @throws IllegalStateException if there is no attention
     */
    public BufferedImage overlay(Image image) {
        if (attention == null) {
            throw new IllegalStateException(
                    "attention must be there for an overlay, got none: the model has none or the"
                            + " image was missing");
        }
        BufferedImage picture = picture(image);
        int width = picture.getWidth();
        int height = picture.getHeight();
        BufferedImage overlay = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = overlay.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        graphics.drawImage(picture, 0, 0, null);
        float most = 0;
        for (float[] row : attention) {
            for (float share : row) {
                most = Math.max(most, share);
            }
        }
        int rows = attention.length;
        int columns = attention[0].length;
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                double clear = most == 0 ? 0 : attention[r][c] / most;
                graphics.setColor(new Color(0, 0, 64, (int) Math.round(OPAQUE * (1 - clear))));
                int left = c * width / columns;
                int top = r * height / rows;
                graphics.fillRect(
                        left, top, (c + 1) * width / columns - left, (r + 1) * height / rows - top);
            }
        }
        graphics.dispose();
        return overlay;
    }

    // Another image factory than ImageIO's wraps something else.
    private static BufferedImage picture(Image image) {
        if (image.getWrappedImage() instanceof BufferedImage picture) {
            return picture;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            image.save(bytes, "png");
            return ImageIO.read(new ByteArrayInputStream(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
