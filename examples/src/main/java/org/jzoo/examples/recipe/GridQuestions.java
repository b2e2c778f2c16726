package org.jzoo.examples.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jzoo.datasets.vision.FashionGrids;
import org.jzoo.datasets.vision.Scene;
import org.jzoo.datasets.vision.VisualQuestion;
import org.jzoo.zoo.j1.J1Size;

/**
 * {@link FashionGrids} of 3 × 3 garments: 20,000 to train, and 1,000 of garments from the test
 * pictures to test.
 *
 * @param folder of Fashion-MNIST's four files
 */
public record GridQuestions(Path folder) implements VqaData {

    private static final int CELLS = 3;
    private static final int PICTURES = 20_000;
    private static final int TEST_PICTURES = 1_000;
    private static final int EPOCHS = 30;
    // A garment is 32 pixels wide then, which the stem's eight and the merging's two divide.
    private static final int SIDE = 96;

    /** Checks that a folder is named. */
    public GridQuestions {
        Objects.requireNonNull(folder, "folder");
    }

    @Override
    public String name() {
        return "grids";
    }

    @Override
    public String title() {
        return "Fashion-MNIST in grids of 3 x 3";
    }

    @Override
    public String subject() {
        return "nine garments in a grid";
    }

    @Override
    public int pictures() {
        return PICTURES;
    }

    @Override
    public int epochs() {
        return EPOCHS;
    }

    @Override
    public J1Size size() {
        return J1Size.TINY.withImageSize(SIDE);
    }

    @Override
    public List<Scene> train(int pictures, long seed) {
        return new FashionGrids(folder, CELLS).train(pictures, seed);
    }

    @Override
    public List<Scene> test(long seed) {
        return new FashionGrids(folder, CELLS).test(TEST_PICTURES, seed);
    }

    @Override
    public List<String> answers() {
        return FashionGrids.ANSWERS;
    }

    @Override
    public List<String> vocabulary() {
        return FashionGrids.vocabulary();
    }

    @Override
    public List<String> kinds() {
        return FashionGrids.KINDS;
    }

    @Override
    public String kind(VisualQuestion question) {
        return FashionGrids.kind(question);
    }
}
