package org.jzoo.datasets.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.jzoo.datasets.text.DataException;

class EmojiPicturesTest {

    private static final String BUG =
            """
            {"name":"LADY BEETLE","unified":"1F41E","image":"1f41e.png","short_name":"ladybug",
            "short_names":["ladybug","lady_beetle"],"category":"Animals & Nature",
            "subcategory":"animal-bug","skin_variations":{"1F3FB":{"image":"x.png"}}}\
            """;
    private static final String OLD =
            """
            {"name":"RUNNER","unified":"1F3C3","image":"none.png","obsoleted_by":"1F3C3-200D"}\
            """;

    @TempDir Path folder;

    private Path write(String json) throws IOException {
        Path images = Files.createDirectories(folder.resolve("img/google/64"));
        BufferedImage image = new BufferedImage(4, 2, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0xFF0A141E);
        image.setRGB(1, 0, 0x80000000);
        image.setRGB(3, 1, 0xFFFF0000);
        ImageIO.write(image, "png", images.resolve("1f41e.png").toFile());
        Files.writeString(folder.resolve("emoji.json"), json);
        return folder;
    }

    @Test
    void anEmojiHasANameKeywordsAndAPicture() throws IOException {
        List<NamedPicture> emoji = EmojiPictures.read(write("[" + OLD + "," + BUG + "]"));
        assertEquals(
                List.of(
                        new NamedPicture(
                                "1F41E",
                                "lady beetle",
                                List.of("ladybug", "animal bug", "animals & nature"),
                                folder.resolve("img/google/64/1f41e.png"))),
                emoji);
        assertEquals("lady beetle, ladybug, animal bug, animals & nature", emoji.get(0).caption());
    }

    @Test
    void transparencyShowsWhiteAndTheLongerSideFillsTheSquare() throws IOException {
        NamedPicture bug = EmojiPictures.read(write("[" + BUG + "]")).get(0);
        byte[] rgb = bug.rgb(4);
        assertEquals(48, rgb.length);
        assertPixel(255, 255, 255, rgb, 3, "above the picture");
        assertPixel(10, 20, 30, rgb, 4, "opaque");
        assertPixel(127, 127, 127, rgb, 5, "128 of 255 parts black on white");
        assertPixel(255, 255, 255, rgb, 6, "transparent");
        assertPixel(255, 0, 0, rgb, 11, "opaque");
        assertPixel(255, 255, 255, rgb, 12, "below the picture");
    }

    @Test
    void scalingAveragesAndRepeatsPixels() throws IOException {
        NamedPicture bug = EmojiPictures.read(write("[" + BUG + "]")).get(0);
        byte[] half = bug.rgb(2);
        // (10 + 127 + 255 + 255) / 4 and so on.
        assertPixel(162, 164, 167, half, 0, "a box of four pixels");
        assertPixel(255, 191, 191, half, 1, "one red pixel of four");
        byte[] twice = bug.rgb(8);
        assertPixel(10, 20, 30, twice, 8 * 3 + 1, "the first pixel, repeated");
        assertPixel(255, 0, 0, twice, 8 * 5 + 7, "the last pixel, repeated");
    }

    private static void assertPixel(int r, int g, int b, byte[] rgb, int pixel, String what) {
        assertEquals(
                List.of(r, g, b),
                List.of(
                        rgb[3 * pixel] & 0xFF,
                        rgb[3 * pixel + 1] & 0xFF,
                        rgb[3 * pixel + 2] & 0xFF),
                what);
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Path index = folder.resolve("emoji.json");
        assertEquals(folder + ": must hold emoji.json, got none", fault());
        write("[" + BUG.replace("1f41e.png", "2.png") + "]");
        assertEquals(
                index
                        + " row 1: its picture must exist, got no file "
                        + folder.resolve("img/google/64/2.png"),
                fault());
        write("[" + OLD + "," + BUG.replace("\"unified\"", "\"code\"") + "]");
        assertEquals(index + " row 2: an emoji must have a text unified", fault());
        write("{\"a\":1}");
        assertTrue(fault().startsWith(index + ": must be a JSON array of emoji, got "));
        Files.writeString(folder.resolve("img/google/64/1f41e.png"), "no picture");
        Files.writeString(index, "[" + BUG + "]");
        NamedPicture broken = EmojiPictures.read(folder).get(0);
        assertEquals(
                broken.file() + ": must be a picture, got a file of another kind",
                assertThrows(DataException.class, () -> broken.rgb(8)).getMessage());
        Files.createDirectories(folder.resolve("img/twitter/64"));
        assertEquals(folder + ": must hold one folder img/STYLE/64, got 2", fault());
    }

    private String fault() {
        return assertThrows(DataException.class, () -> EmojiPictures.read(folder)).getMessage();
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "JZOO_EMOJI",
            matches = ".+",
            disabledReason = "JZOO_EMOJI names no folder of the two unpacked packages")
    void bothDrawingStylesShowTheSameThings() {
        Path root = Path.of(System.getenv("JZOO_EMOJI"));
        List<NamedPicture> google = EmojiPictures.read(root.resolve("google"));
        List<NamedPicture> twitter = EmojiPictures.read(root.resolve("twitter"));
        assertEquals(1_875, google.size());
        for (int i = 0; i < google.size(); i++) {
            assertEquals(google.get(i).id(), twitter.get(i).id());
            assertEquals(google.get(i).caption(), twitter.get(i).caption());
            assertEquals(64 * 64 * 3, google.get(i).rgb(64).length);
            assertEquals(64 * 64 * 3, twitter.get(i).rgb(64).length);
        }
    }
}
