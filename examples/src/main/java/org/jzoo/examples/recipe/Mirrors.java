package org.jzoo.examples.recipe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jzoo.blocks.kernel.ImageKernel;
import org.jzoo.examples.recipe.VqaSet.Asked;

/**
 * Which pictures of a batch are mirrored: left and right change places in half of them, top and
 * bottom in half of them, each drawn for itself.
 */
final class Mirrors {

    private static final int PLACE_NUMBERS = 6;
    private static final int ROW = 4;

    private record Mirror(boolean sides, boolean ends) {}

    private final Map<Integer, Mirror> mirrors = new HashMap<>();

    /** Draws for each picture. */
    Mirrors(List<Integer> pictures, Random random) {
        for (int picture : pictures) {
            mirrors.put(picture, new Mirror(random.nextBoolean(), random.nextBoolean()));
        }
    }

    /** The answer to a question about its picture as it is now. */
    int answer(VqaData data, Asked asked) {
        Mirror mirror = mirrors.get(asked.picture());
        return data.mirroredAnswer(asked.question(), mirror.sides(), mirror.ends());
    }

    /**
     * Mirrors those pictures that are to be.
     *
     * @param images (N, 3, Hi, Wi)
     * @param pictures their numbers; those that nothing was drawn for stay
     * @return (N, 3, Hi, Wi)
     */
    NDArray apply(NDArray images, List<Integer> pictures) {
        float[] places = new float[pictures.size() * PLACE_NUMBERS];
        for (int n = 0; n < pictures.size(); n++) {
            Mirror mirror = mirrors.getOrDefault(pictures.get(n), new Mirror(false, false));
            places[n * PLACE_NUMBERS] = mirror.sides() ? -1 : 1;
            places[n * PLACE_NUMBERS + ROW] = mirror.ends() ? -1 : 1;
        }
        NDManager manager = images.getManager();
        try (NDArray place = manager.create(places, new Shape(pictures.size(), 2, 3))) {
            return ImageKernel.warp(images, place, 1);
        }
    }
}
