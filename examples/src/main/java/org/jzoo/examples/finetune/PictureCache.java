package org.jzoo.examples.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.vision.PictureQuestion;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.image.Pictures;

/**
 * Pictures as a model reads them, each decoded once and kept in bytes. Those beyond the bound are
 * decoded again whenever they are wanted.
 */
public final class PictureCache {

    private final ImagePreprocessing preprocessing;
    private final long bound;
    private final Map<Path, Integer> rows = new LinkedHashMap<>();
    private final List<Path> files = new ArrayList<>();
    private final List<byte[]> kept = new ArrayList<>();
    private long bytes;

    /**
     * An empty cache.
     *
     * @param bound bytes to keep at most, at least 0
     */
    public PictureCache(ImagePreprocessing preprocessing, long bound) {
        if (bound < 0) {
            throw new IllegalArgumentException("bound must be >= 0, got bound=" + bound);
        }
        this.preprocessing = preprocessing;
        this.bound = bound;
    }

    /**
     * Adds a question's picture, if it is not there.
     *
     * @param source the questions' file, for messages
     * @return the picture's number, from 0
     * @throws DataException if the picture is damaged, with the row
     */
    public int add(Path source, PictureQuestion question) {
        Integer known = rows.get(question.image());
        if (known != null) {
            return known;
        }
        byte[] samples;
        try {
            samples = read(question.image());
        } catch (IOException e) {
            throw new DataException(source.toString(), question.row(), 0, e.getMessage());
        }
        boolean fits = bytes + samples.length <= bound;
        kept.add(fits ? samples : null);
        bytes += fits ? samples.length : 0;
        files.add(question.image());
        rows.put(question.image(), files.size() - 1);
        return files.size() - 1;
    }

    private byte[] read(Path file) throws IOException {
        return preprocessing.samples(Pictures.read(file));
    }

    /** The number of pictures. */
    public int size() {
        return files.size();
    }

    /** How many of them are kept. */
    public long numKept() {
        return kept.stream().filter(samples -> samples != null).count();
    }

    /** Pictures by number: (N, C, Hi, Wi) float32. */
    public NDArray images(List<Integer> pictures, NDManager manager) {
        return preprocessing.batchOfSamples(manager, pictures.stream().map(this::samples).toList());
    }

    private byte[] samples(int picture) {
        byte[] samples = kept.get(picture);
        try {
            return samples == null ? read(files.get(picture)) : samples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
