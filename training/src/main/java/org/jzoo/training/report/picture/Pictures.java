package org.jzoo.training.report.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jzoo.blocks.file.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Draws and writes pictures, also where there is no screen. */
public final class Pictures {

    private static final Logger LOGGER = LoggerFactory.getLogger(Pictures.class);
    private static final String FAMILY = Font.SANS_SERIF;

    private Pictures() {}

    /**
     * The content of a PNG file.
     *
     * @throws UncheckedIOException if the image cannot be encoded
     */
    public static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", stream)) {
                throw new IOException("this Java runtime has no PNG writer");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Writes a PNG file in one atomic move.
     *
     * @throws IOException if it cannot be written
     */
    public static void write(BufferedImage image, Path file) throws IOException {
        AtomicFile.write(file, png(image));
    }

    /**
     * Draws and writes a PNG file, or logs a warning if that fails for whatever reason: missing
     * fonts, a Java runtime without graphics, a full disk. For use while training.
     *
     * @return whether the file was written
     */
    public static boolean tryWrite(Path file, Supplier<BufferedImage> drawing) {
        try {
            write(drawing.get(), file);
            return true;
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Exception | Error e) { // graphics libraries that are missing are reported as Error
            LOGGER.warn("the picture {} was not written: {}", file, e.toString());
            return false;
        }
    }

    /**
     * Draws on a new white image.
     *
     * @throws IllegalStateException if this machine has no fonts or no graphics libraries; the
     *     message says what to install
     */
    static BufferedImage draw(int width, int height, Consumer<Graphics2D> drawing) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        requireFonts(image);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(
                    RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(
                    RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, width, height);
            drawing.accept(graphics);
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private static void requireFonts(BufferedImage image) {
        try {
            Graphics2D graphics = image.createGraphics();
            if (graphics.getFontMetrics(plain(12)).stringWidth("0") > 0) {
                graphics.dispose();
                return;
            }
        } catch (RuntimeException | Error e) {
            throw new IllegalStateException(fontAdvice(), e);
        }
        throw new IllegalStateException(fontAdvice());
    }

    private static String fontAdvice() {
        return "pictures need fonts and Java's graphics libraries, which this machine lacks:"
                + " install fontconfig and a font, such as the package fonts-dejavu-core on"
                + " Debian, and on a machine with a broken display set -Djava.awt.headless=true";
    }

    static Font plain(int size) {
        return new Font(FAMILY, Font.PLAIN, size);
    }

    static Font bold(int size) {
        return new Font(FAMILY, Font.BOLD, size);
    }
}
