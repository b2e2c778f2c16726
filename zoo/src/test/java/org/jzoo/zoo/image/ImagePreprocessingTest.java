package org.jzoo.zoo.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.PartJson;
import org.jzoo.zoo.testing.GoldenCheck;
import org.jzoo.zoo.weights.Safetensors;

class ImagePreprocessingTest {

    @TempDir Path temporary;

    private static ImagePreprocessing plain(
            int height, int width, int edge, Resampling resampling, int channels) {
        return new ImagePreprocessing(
                height,
                width,
                edge,
                resampling,
                Collections.nCopies(channels, 0.0),
                Collections.nCopies(channels, 1 / 255.0));
    }

    private static Image filled(int width, int height, int type, Color color) {
        BufferedImage picture = new BufferedImage(width, height, type);
        var graphics = picture.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return ImageFactory.getInstance().fromImage(picture);
    }

    @ParameterizedTest
    @CsvSource({
        "colour, bilinear, 8, 12, 0, 3",
        "colour, bilinear, 40, 50, 0, 3",
        "colour, bilinear, 23, 5, 0, 3",
        "colour, bicubic, 8, 12, 0, 3",
        "colour, bicubic, 40, 50, 0, 3",
        "colour, bicubic, 16, 16, 0, 3",
        "colour, lanczos, 8, 12, 0, 3",
        "colour, lanczos, 40, 50, 0, 3",
        "colour, crop, 12, 12, 16, 3",
        "colour, luma, 12, 10, 0, 1",
        "grey, bilinear, 6, 6, 0, 3",
        "alpha, bilinear, 6, 6, 0, 3",
        "palette, bilinear, 6, 6, 0, 3",
    })
    void picturesAreScaledAsPillowScalesThem(
            String picture, String how, int height, int width, int edge, int channels)
            throws Exception {
        Path folder = GoldenCheck.folder("pillow");
        Resampling resampling =
                switch (how) {
                    case "bicubic", "crop" -> Resampling.BICUBIC;
                    case "lanczos" -> Resampling.LANCZOS;
                    default -> Resampling.BILINEAR;
                };
        float[] got =
                plain(height, width, edge, resampling, channels)
                        .pixels(Pictures.read(folder.resolve(picture + ".png")));
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray want =
                    Safetensors.open(folder.resolve("outputs.safetensors"))
                            .toNDArray(
                                    manager, "%s.%s.%dx%d".formatted(picture, how, height, width));
            assertEquals(new Shape(channels, height, width), want.getShape());
            // 255 · (pixel / 255) is the pixel but for rounding.
            assertArrayEquals(want.toFloatArray(), got, 1e-3f);
        }
    }

    @Test
    void numbersAreCentredAndSpreadByChannel() {
        ImagePreprocessing made =
                new ImagePreprocessing(
                        1,
                        2,
                        0,
                        Resampling.BILINEAR,
                        List.of(0.5, 0.0, 1.0),
                        List.of(0.5, 1.0, 2.0));
        Image image = filled(4, 4, BufferedImage.TYPE_INT_RGB, new Color(255, 51, 0));
        assertArrayEquals(new float[] {1, 1, 0.2f, 0.2f, -0.5f, -0.5f}, made.pixels(image), 1e-6f);
    }

    @Test
    void greyIsTakenAsItIsStored() {
        BufferedImage grey = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(1, 1, 0, 128);
        float[] pixels =
                plain(2, 3, 0, Resampling.BILINEAR, 3)
                        .pixels(ImageFactory.getInstance().fromImage(grey));
        assertArrayEquals(
                new float[] {0, 0, 0, 0, 128, 0, 0, 0, 0, 0, 128, 0, 0, 0, 0, 0, 128, 0},
                pixels,
                1e-3f);
    }

    @Test
    void everyKindOfPictureAndTheSmallestAreRead() {
        int[] types = {
            BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_INT_ARGB_PRE,
            BufferedImage.TYPE_3BYTE_BGR,
            BufferedImage.TYPE_4BYTE_ABGR,
            BufferedImage.TYPE_INT_BGR,
            BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_USHORT_565_RGB
        };
        for (int type : types) {
            Image image = filled(1, 1, type, new Color(255, 0, 255));
            assertArrayEquals(
                    new float[] {255, 255, 0, 0, 255, 255},
                    plain(1, 2, 0, Resampling.BICUBIC, 3).pixels(image),
                    1e-3f,
                    "type " + type);
        }
        BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster().setSample(0, 0, 0, 0x80ff);
        assertArrayEquals(
                new float[] {128},
                plain(1, 1, 0, Resampling.BICUBIC, 1)
                        .pixels(ImageFactory.getInstance().fromImage(deep)),
                1e-3f);
    }

    @Test
    void aVeryLargePictureNeedsNoCopy() {
        BufferedImage large = new BufferedImage(8000, 8000, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 8000; i++) {
            large.getRaster().setSample(i, 4000, 0, 255);
        }
        float[] pixels =
                plain(8, 8, 0, Resampling.BILINEAR, 3)
                        .pixels(ImageFactory.getInstance().fromImage(large));
        assertEquals(3 * 64, pixels.length);
        assertTrue(pixels[0] == 0 && pixels[3 * 8] <= 1 && pixels[4 * 8] <= 1);
    }

    @Test
    void aThinPictureIsScaledOnlyWhereItIsSeen() {
        Image thin = filled(1, 5000, BufferedImage.TYPE_INT_RGB, Color.WHITE);
        float[] pixels = plain(8, 8, 224, Resampling.BICUBIC, 1).pixels(thin);
        for (float pixel : pixels) {
            assertEquals(255, pixel, 1e-3f);
        }
    }

    @Test
    void aWindowLargerThanThePictureHasABlackMargin() {
        Image white = filled(2, 2, BufferedImage.TYPE_INT_RGB, Color.WHITE);
        float[] pixels = plain(5, 4, 2, Resampling.BILINEAR, 1).pixels(white);
        float w = 255;
        assertArrayEquals(
                new float[] {0, 0, 0, 0, 0, 0, 0, 0, 0, w, w, 0, 0, w, w, 0, 0, 0, 0, 0},
                pixels,
                1e-3f);
    }

    @Test
    void aBatchHasOneRowAPicture() {
        Image white = filled(2, 2, BufferedImage.TYPE_INT_RGB, Color.WHITE);
        Image black = filled(3, 2, BufferedImage.TYPE_INT_RGB, Color.BLACK);
        try (NDManager manager = PyTorch.newBaseManager()) {
            NDArray batch =
                    ImagePreprocessing.stretched(4, 3).batch(manager, List.of(white, black));
            assertEquals(new Shape(2, 3, 4, 4), batch.getShape());
            assertEquals(48, batch.get(0).sum().getFloat());
            assertEquals(-48, batch.get(1).sum().getFloat());
        }
    }

    @Test
    void itIsSavedAsJson() {
        ImagePreprocessing clip = ImagePreprocessing.clip(224).withSize(336, 336);
        assertEquals(336, clip.shortestEdge());
        assertEquals(clip, PartJson.fromJson(PartJson.toJson(clip), ImagePreprocessing.class));
    }

    @Test
    void filesThatAreNoPicturesAreRefused() throws IOException {
        Path text = Files.writeString(temporary.resolve("text.png"), "no picture");
        String message = assertThrows(IOException.class, () -> Pictures.read(text)).getMessage();
        assertTrue(
                message.startsWith(text + " must be an undamaged picture (bmp, gif, jpeg")
                        && message.contains("got 10 bytes that cannot be decoded"),
                message);
        assertThrows(NoSuchFileException.class, () -> Pictures.read(temporary.resolve("none.png")));
    }

    @Test
    void damagedFilesAreRefused() throws Exception {
        byte[] whole = Files.readAllBytes(GoldenCheck.folder("pillow").resolve("colour.png"));
        assertEquals(37, Pictures.read("whole", whole).getWidth());
        for (int length : new int[] {0, 8, 30, whole.length / 2}) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            String message =
                    assertThrows(IOException.class, () -> Pictures.read("cut", cut)).getMessage();
            assertTrue(message.startsWith("cut must be an undamaged picture"), message);
        }
    }

    @Test
    void errorsNameTheNumbers() {
        assertEquals(
                "image must be a picture, got image=null",
                message(() -> ImagePreprocessing.clip(8).pixels(null)));
        assertEquals(
                "height and width must be >= 1 and shortestEdge >= 0, got height=0, width=2,"
                        + " shortestEdge=-1",
                message(() -> plain(0, 2, -1, Resampling.BICUBIC, 3)));
        assertEquals(
                "mean and std must have 1 or 3 numbers, std above 0, got mean=[0.5], std=[0.0]",
                message(
                        () ->
                                new ImagePreprocessing(
                                        1, 1, 0, Resampling.BICUBIC, List.of(0.5), List.of(0.0))));
    }

    private static String message(Executable body) {
        return assertThrows(IllegalArgumentException.class, body).getMessage();
    }
}
