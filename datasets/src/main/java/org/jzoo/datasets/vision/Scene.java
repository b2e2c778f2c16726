package org.jzoo.datasets.vision;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;

/**
 * A square picture and questions about it.
 *
 * @param rgb the picture, {@code (Hi, Wi, 3)} row by row with Hi = Wi, red, green, blue from 0 to
 *     255 as unsigned bytes. Not to be written to
 * @param questions the questions
 */
public record Scene(byte[] rgb, List<VisualQuestion> questions) {

    /** Checks that the picture is square. */
    public Scene {
        Objects.requireNonNull(rgb, "rgb");
        questions = List.copyOf(questions);
        int side = side(rgb);
        if (rgb.length == 0 || side * side * 3 != rgb.length) {
            throw new IllegalArgumentException(
                    "rgb must be a square picture of three bytes a pixel, got rgb.length="
                            + rgb.length);
        }
    }

    /** The width and the height in pixels. */
    public int side() {
        return side(rgb);
    }

    private static int side(byte[] rgb) {
        return (int) Math.round(Math.sqrt(rgb.length / 3.0));
    }

    /** The picture for Java's imaging. */
    public BufferedImage image() {
        int side = side();
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            int red = rgb[3 * i] & 0xFF;
            int green = rgb[3 * i + 1] & 0xFF;
            int blue = rgb[3 * i + 2] & 0xFF;
            image.setRGB(i % side, i / side, red << 16 | green << 8 | blue);
        }
        return image;
    }

    /** Writes the picture as PNG for people to look at. */
    public void writePng(Path file) throws IOException {
        ImageIO.write(image(), "png", file.toFile());
    }

    /**
     * The SHA-256 of scenes in hexadecimal: of each one's pixels and then its questions' texts in
     * UTF-8, codes, answers and flags. What a model card says it was trained on.
     */
    public static String sha256(Iterable<Scene> scenes) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 must be there on every Java platform", e);
        }
        for (Scene scene : scenes) {
            digest.update(scene.rgb);
            for (VisualQuestion question : scene.questions) {
                byte[] text = question.text().getBytes(StandardCharsets.UTF_8);
                long[] code = question.code();
                ByteBuffer bytes = ByteBuffer.allocate(text.length + 8 * code.length + 10);
                bytes.putInt(text.length).put(text);
                for (long number : code) {
                    bytes.putLong(number);
                }
                bytes.putInt(question.answer());
                bytes.put((byte) (question.relational() ? 1 : 0));
                bytes.put((byte) (question.unseenPhrasing() ? 1 : 0));
                digest.update(bytes.array());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
