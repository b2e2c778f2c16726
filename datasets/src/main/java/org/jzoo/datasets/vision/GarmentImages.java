package org.jzoo.datasets.vision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jzoo.datasets.text.DataException;

/**
 * Fashion-MNIST: grey pictures of 28 × 28 pixels, each of a garment of one of ten kinds, 60,000 for
 * training and 10,000 for testing. Read from the folder of the four IDX files, plain or as {@code
 * .gz}; {@code datasets/scripts/fetch-pictures fashion-mnist} gets them.
 *
 * @see <a href="https://arxiv.org/abs/1708.07747">Xiao et al. 2017, Fashion-MNIST</a>
 */
public final class GarmentImages {

    /** The kinds by label. */
    public static final List<String> NAMES =
            List.of(
                    "T-shirt",
                    "trouser",
                    "pullover",
                    "dress",
                    "coat",
                    "sandal",
                    "shirt",
                    "sneaker",
                    "bag",
                    "ankle boot");

    /** The width and the height of a picture in pixels. */
    public static final int SIDE = 28;

    private final byte[] pixels;
    private final byte[] labels;
    private final int[][] byLabel;

    private GarmentImages(byte[] pixels, byte[] labels) {
        this.pixels = pixels;
        this.labels = labels;
        this.byLabel = new int[NAMES.size()][];
        Arrays.setAll(
                byLabel,
                label ->
                        IntStream.range(0, labels.length)
                                .filter(i -> labels[i] == label)
                                .toArray());
    }

    /**
     * The training pictures in this folder.
     *
     * @throws DataException if a file is missing or broken, or not of this set
     */
    public static GarmentImages train(Path folder) {
        return read(folder, "train");
    }

    /**
     * The test pictures in this folder.
     *
     * @throws DataException if a file is missing or broken, or not of this set
     */
    public static GarmentImages test(Path folder) {
        return read(folder, "t10k");
    }

    private static GarmentImages read(Path folder, String half) {
        IdxFile images;
        IdxFile labels;
        try {
            images = IdxFile.read(folder, half + "-images-idx3-ubyte", 3);
            labels = IdxFile.read(folder, half + "-labels-idx1-ubyte", 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int[] shape = images.shape();
        if (shape[1] != SIDE || shape[2] != SIDE || shape[0] != labels.shape()[0]) {
            throw new DataException(
                    folder.toString(),
                    "must hold as many labels as pictures of 28 × 28 pixels, got pictures=%s,"
                                    .formatted(Arrays.toString(shape))
                            + " labels="
                            + labels.shape()[0]);
        }
        for (int i = 0; i < labels.values().length; i++) {
            int label = labels.values()[i] & 0xFF;
            if (label >= NAMES.size()) {
                throw new DataException(
                        folder.toString(),
                        "labels must be in [0, %d), got label=%d at %d"
                                .formatted(NAMES.size(), label, i));
            }
        }
        return new GarmentImages(images.values(), labels.values());
    }

    /** How many pictures there are. */
    public int size() {
        return labels.length;
    }

    /** The kind of a picture, an index into {@link #NAMES}. */
    public int label(int index) {
        return labels[Objects.checkIndex(index, labels.length)];
    }

    /** A picture, {@code (28, 28)} row by row, from 0 for black to 255 as unsigned bytes. */
    public byte[] pixels(int index) {
        int start = Objects.checkIndex(index, labels.length) * SIDE * SIDE;
        return Arrays.copyOfRange(pixels, start, start + SIDE * SIDE);
    }

    /** The indices of the pictures of one kind. */
    public int[] withLabel(int label) {
        return byLabel[Objects.checkIndex(label, byLabel.length)].clone();
    }

    /** How many pictures of one kind there are. */
    int count(int label) {
        return byLabel[label].length;
    }

    /** The {@code n}th picture of a kind. */
    int withLabel(int label, int n) {
        return byLabel[label][n];
    }

    /** Copies a picture into one of three bytes a pixel and {@code side} pixels a row. */
    void draw(int index, byte[] rgb, int side, int top, int left) {
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int at = ((top + y) * side + left + x) * 3;
                byte grey = pixels[(index * SIDE + y) * SIDE + x];
                rgb[at] = grey;
                rgb[at + 1] = grey;
                rgb[at + 2] = grey;
            }
        }
    }
}
