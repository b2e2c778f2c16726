package org.jzoo.zoo.huggingface;

import java.util.Collections;
import java.util.List;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.image.Resampling;

/** Reads {@code preprocessor_config.json}, which lies beside the configuration of image models. */
public final class HuggingFacePreprocessing {

    private static final double RESCALE = 1 / 255.0;

    private HuggingFacePreprocessing() {}

    /**
     * Reads it.
     *
     * @param config the folder's configuration
     * @param fallback what is taken where the file, or one of its keys, is missing
     * @throws IllegalArgumentException if it asks for something that is not supported; the message
     *     names it
     */
    public static ImagePreprocessing of(HuggingFaceConfig config, ImagePreprocessing fallback) {
        HuggingFaceConfig file = config.beside("preprocessor_config.json");
        if (file == null) {
            return fallback;
        }
        file.expect("do_resize", true);
        file.expect("do_rescale", true);
        if (Math.abs(file.number("rescale_factor", RESCALE) - RESCALE) > 1e-9) {
            throw new IllegalArgumentException(
                    "rescale_factor must be 1/255, the only value supported, got rescale_factor="
                            + file.number("rescale_factor", RESCALE));
        }
        file.ignore("image_processor_type", "feature_extractor_type", "processor_class");
        file.ignore("do_convert_rgb", "data_format", "input_data_format", "default_to_square");
        file.ignore("device", "return_tensors", "disable_grouping", "do_pad", "pad_size");
        boolean normalize = file.flag("do_normalize", true);
        List<Double> mean = file.numbers("image_mean", fallback.mean());
        List<Double> std = file.numbers("image_std", fallback.std());
        boolean crop = file.flag("do_center_crop", fallback.shortestEdge() > 0);
        Size size = Size.of(file, "size", fallback, fallback.shortestEdge());
        Size cut = Size.of(file, "crop_size", fallback, 0);
        Resampling resampling = resampling(file, fallback.resampling());
        file.rejectUnread();
        if (size.shortestEdge() > 0 != crop) {
            throw new IllegalArgumentException(
                    "size must be a shortest edge with do_center_crop and height and width without,"
                            + " got size=%s, do_center_crop=%s".formatted(size, crop));
        }
        return new ImagePreprocessing(
                crop ? cut.height() : size.height(),
                crop ? cut.width() : size.width(),
                size.shortestEdge(),
                resampling,
                normalize ? mean : Collections.nCopies(mean.size(), 0.0),
                normalize ? std : Collections.nCopies(std.size(), 1.0));
    }

    private static Resampling resampling(HuggingFaceConfig file, Resampling fallback) {
        // Pillow's numbers.
        return switch (file.integer("resample", -1)) {
            case -1 -> fallback;
            case 1 -> Resampling.LANCZOS;
            case 2 -> Resampling.BILINEAR;
            case 3 -> Resampling.BICUBIC;
            default ->
                    throw new IllegalArgumentException(
                            "resample must be 1 (Lanczos), 2 (bilinear) or 3 (bicubic), got"
                                    + " resample="
                                    + file.integer("resample", -1));
        };
    }

    /** A size as a number, {"height", "width"} or {"shortest_edge"}. */
    private record Size(int height, int width, int shortestEdge) {

        static Size of(HuggingFaceConfig file, String key, ImagePreprocessing fallback, int edge) {
            if (!file.has(key)) {
                return new Size(fallback.height(), fallback.width(), edge);
            }
            HuggingFaceConfig object = file.object(key);
            if (object == null) {
                // A bare number means the shortest edge for those who crop, and a square otherwise.
                int side = file.integer(key);
                return new Size(side, side, edge > 0 ? side : 0);
            }
            boolean shortest = object.has("shortest_edge");
            Size size =
                    shortest
                            ? new Size(0, 0, object.integer("shortest_edge"))
                            : new Size(object.integer("height"), object.integer("width"), 0);
            object.rejectUnread();
            return size;
        }
    }
}
