package org.jzoo.examples.recipe;

import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.datasets.vision.Scene;
import org.jzoo.datasets.vision.VisualQuestion;
import org.jzoo.zoo.image.ImagePreprocessing;
import org.jzoo.zoo.text.TextTokenizer;

/**
 * Pictures as bytes on the device, followed by pictures of noise, and the questions as tokens, each
 * wording once.
 */
final class VqaSet {

    /** How many pictures of noise there are. */
    static final int NOISE = 64;

    /** The row of the empty question. */
    static final int EMPTY = 0;

    private static final int CHANNELS = 3;
    private static final float HALF_WHITE = 127.5f;

    /** A question about a picture. */
    record Asked(int picture, int text, VisualQuestion question, String kind) {

        int answer() {
            return question.answer();
        }

        boolean unseen() {
            return question.unseenPhrasing();
        }
    }

    private final NDArray pixels; // (N + NOISE, 3, Hi, Wi) uint8
    private final VqaData data;
    private final List<List<Asked>> questions = new ArrayList<>();
    private final List<long[]> texts = new ArrayList<>();

    /**
     * Reads scenes.
     *
     * @param side of the pictures in pixels; others are stretched to it as in prediction
     * @param shuffled whether each picture's pixels are shuffled, which leaves colours and nothing
     *     else
     */
    VqaSet(
            VqaData data,
            List<Scene> scenes,
            int side,
            TextTokenizer tokenizer,
            long seed,
            boolean shuffled,
            NDManager manager) {
        this.data = data;
        ImagePreprocessing stretched = ImagePreprocessing.stretched(side, CHANNELS);
        int size = side * side;
        ByteBuffer bytes = ByteBuffer.allocateDirect((scenes.size() + NOISE) * CHANNELS * size);
        Map<String, Integer> rows = new LinkedHashMap<>();
        text("", rows, tokenizer);
        Random random = new Random(seed);
        for (int n = 0; n < scenes.size(); n++) {
            Scene scene = scenes.get(n);
            int[] order = order(size, shuffled ? random : null);
            byte[] planes = planes(scene, stretched);
            for (int c = 0; c < CHANNELS; c++) {
                for (int p = 0; p < size; p++) {
                    bytes.put(planes[c * size + order[p]]);
                }
            }
            List<Asked> asked = new ArrayList<>();
            for (VisualQuestion q : scene.questions()) {
                asked.add(new Asked(n, text(q.text(), rows, tokenizer), q, data.kind(q)));
            }
            questions.add(asked);
        }
        byte[] noise = new byte[NOISE * CHANNELS * size];
        random.nextBytes(noise);
        bytes.put(noise).flip();
        pixels =
                manager.create(
                        bytes,
                        new Shape(scenes.size() + (long) NOISE, CHANNELS, side, side),
                        DataType.UINT8);
    }

    /** A scene's bytes channel by channel. */
    private static byte[] planes(Scene scene, ImagePreprocessing stretched) {
        int size = stretched.height() * stretched.width();
        byte[] planes = new byte[CHANNELS * size];
        if (scene.side() == stretched.height()) {
            for (int i = 0; i < planes.length; i++) {
                planes[i] = scene.rgb()[CHANNELS * (i % size) + i / size];
            }
            return planes;
        }
        float[] numbers = stretched.pixels(ImageFactory.getInstance().fromImage(scene.image()));
        for (int i = 0; i < planes.length; i++) {
            planes[i] = (byte) Math.round((numbers[i] + 1) * HALF_WHITE);
        }
        return planes;
    }

    private static int[] order(int size, Random random) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random == null ? i : random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private int text(String text, Map<String, Integer> rows, TextTokenizer tokenizer) {
        return rows.computeIfAbsent(
                text,
                t -> {
                    texts.add(tokenizer.encode(t).ids());
                    return texts.size() - 1;
                });
    }

    /** What the pictures are of. */
    VqaData data() {
        return data;
    }

    /** The number of pictures, noise left out. */
    int size() {
        return questions.size();
    }

    /** The questions about a picture. */
    List<Asked> questions(int picture) {
        return questions.get(picture);
    }

    /** The tokens of a wording, one at least. */
    long[] text(int row) {
        return texts.get(row);
    }

    /** Pictures by number, those of noise from {@link #size()} on: (B, 3, Hi, Wi). */
    NDArray images(List<Integer> pictures, NDManager manager) {
        long[] rows = pictures.stream().mapToLong(Integer::longValue).toArray();
        return ImageKernel.pixels(pixels, manager.create(rows));
    }
}
