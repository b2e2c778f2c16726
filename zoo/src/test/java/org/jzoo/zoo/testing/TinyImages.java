package org.jzoo.zoo.testing;

import ai.djl.Device;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.jzoo.blocks.embedding.PatchOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.zoo.clip.ClipConfig;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.ImageEncoderConfig;
import org.jzoo.zoo.encoder.PreNormImageEncoder;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.ImageTask;
import org.jzoo.zoo.task.ImageTextTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;

/** Models of pictures with fresh weights, and pictures of one colour. */
public final class TinyImages {

    private static final int SEPARATOR = 102;

    private static final PreNormImageEncoder NUMBERS =
            new PreNormImageEncoder(8, 2, 2, 20, Activation.GELU, true, 0, 0, 1e-6);

    private TinyImages() {}

    /** A picture of one colour. */
    public static Image picture(int width, int height, Color color) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                picture.setRGB(x, y, color.getRGB());
            }
        }
        return ImageFactory.getInstance().fromImage(picture);
    }

    /** The bytes of a PNG file. */
    public static byte[] png(Image image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write((BufferedImage) image.getWrappedImage(), "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** An image encoder of width 8 for images of 8 x 8 with patches of 4 x 4. */
    public static ImageEncoderConfig config(ImagePreprocessing preprocessing) {
        return NUMBERS.config(new PatchOption(3, 4, true), 8, false, preprocessing);
    }

    /** A model of pictures for a task; the same weights at every call. */
    public static LoadedModel of(ImageTask task) {
        ImageEncoderConfig config = config(ImagePreprocessing.stretched(8, 3));
        return LoadedModel.fresh("vit", ModelConfig.of("vit", config, task), null, 5, Device.cpu());
    }

    /** Three labels. */
    public static ImageClassificationTask labels() {
        return new ImageClassificationTask(
                List.of("cat", "dog", "cow"), new HeadOption(Pooling.FIRST, null, 0));
    }

    /** A model of images and texts; the same weights at every call. */
    public static LoadedModel clip() {
        EncoderConfig text =
                new EncoderConfig(
                        TinyModels.VOCABULARY,
                        TinyModels.MAX_LENGTH,
                        0,
                        -1,
                        false,
                        new org.jzoo.blocks.position.LearnedPositionOption(TinyModels.MAX_LENGTH),
                        null,
                        0,
                        NUMBERS.stack(true),
                        null);
        ClipConfig config =
                new ClipConfig(text, config(ImagePreprocessing.clip(8)), 6, SEPARATOR, 0, 2.6592);
        Task task = new ImageTextTask();
        return LoadedModel.fresh(
                "clip",
                ModelConfig.of("clip", config, task),
                TinyModels.tokenizer(TinyModels.MAX_LENGTH),
                5,
                Device.cpu());
    }
}
