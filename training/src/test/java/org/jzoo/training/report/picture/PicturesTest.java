package org.jzoo.training.report.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {

    @TempDir Path folder;

    @Test
    void aPngHasThePixelsOfTheImage() throws IOException {
        BufferedImage image = new BufferedImage(5, 3, BufferedImage.TYPE_INT_RGB);
        image.setRGB(4, 2, 0xFF123456);
        Path file = folder.resolve("sub/picture.png");
        Pictures.write(image, file);
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(file)));
        assertArrayEquals(pixels(image), pixels(read));
    }

    @Test
    void aDrawingThatFailsInAnyWayDoesNotEndTheRun() {
        Path file = folder.resolve("picture.png");
        assertFalse(
                Pictures.tryWrite(
                        file,
                        () -> {
                            throw new NoClassDefFoundError("sun.font");
                        }));
        assertFalse(
                Pictures.tryWrite(
                        file,
                        () -> {
                            throw new IllegalStateException("no fonts");
                        }));
        assertFalse(Files.exists(file));
    }

    @Test
    void aFileThatCannotBeWrittenDoesNotEndTheRun() throws IOException {
        Path blocker = Files.writeString(folder.resolve("file"), "");
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        assertFalse(Pictures.tryWrite(blocker.resolve("picture.png"), () -> image));
        assertTrue(Pictures.tryWrite(folder.resolve("picture.png"), () -> image));
    }

    @Test
    void aFailingDrawingIsNotCalledAFontProblem() {
        var error =
                assertThrows(
                        ArithmeticException.class,
                        () ->
                                Pictures.draw(
                                        1,
                                        1,
                                        graphics -> {
                                            throw new ArithmeticException("mine");
                                        }));
        assertEquals("mine", error.getMessage());
    }

    /** Another JVM, since a JVM looks for its fonts once. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only there fontconfig decides on the fonts")
    void withoutFontsTheErrorSaysWhatToInstall() throws IOException, InterruptedException {
        Path none = folder.resolve("fonts.conf");
        Files.writeString(none, "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.awt.headless=true",
                        "-Duser.home=" + folder, // where a JVM remembers the fonts it found
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutFonts.class.getName(),
                        folder.resolve("curves.png").toString());
        builder.environment().put("FONTCONFIG_FILE", none.toString());
        builder.redirectErrorStream(true);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertTrue(output.contains("strict: pictures need fonts and Java's graphics"), output);
        assertTrue(output.contains("fonts-dejavu-core"), output);
        assertTrue(output.contains("tolerant: false"), output);
        assertEquals(0, process.exitValue(), output);
    }

    /** Draws where there are no fonts. */
    static final class WithoutFonts {

        private WithoutFonts() {}

        public static void main(String[] args) {
            LinePicture picture = new LinePicture("t", "x", "y").line("a", xs(), xs());
            try {
                picture.draw();
                System.out.println("strict: drawn");
            } catch (IllegalStateException e) {
                System.out.println("strict: " + e.getMessage());
            }
            System.out.println("tolerant: " + Pictures.tryWrite(Path.of(args[0]), picture::draw));
        }

        private static double[] xs() {
            return new double[] {1, 2};
        }
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    /** How many pixels have exactly this color. */
    static long count(BufferedImage image, Color color) {
        return Arrays.stream(pixels(image)).filter(pixel -> pixel == color.getRGB()).count();
    }
}
