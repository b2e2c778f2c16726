package org.jzoo.examples.recipe;

import java.util.List;
import org.jzoo.datasets.vision.Scene;
import org.jzoo.datasets.vision.SortOfClevr;
import org.jzoo.datasets.vision.VisualQuestion;
import org.jzoo.zoo.j1.J1Size;

/** {@link SortOfClevr}, 9,800 pictures to train and 200 to test. */
public record ShapeQuestions() implements VqaData {

    private static final int PICTURES = 9_800;
    private static final int EPOCHS = 80;
    private static final String RELATIONAL = "relational";
    private static final String OTHER = "non-relational";

    @Override
    public String name() {
        return "clevr";
    }

    @Override
    public String title() {
        return "Sort-of-CLEVR in words";
    }

    @Override
    public String subject() {
        return "six coloured shapes";
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
        return J1Size.TINY;
    }

    /**
     * The first of the set's training pictures.
     *
     * @throws IllegalArgumentException if there are not so many
     */
    @Override
    public List<Scene> train(int pictures, long seed) {
        if (pictures > PICTURES) {
            throw new IllegalArgumentException(
                    "pictures must be <= %d, got pictures=%d".formatted(PICTURES, pictures));
        }
        return SortOfClevr.train(seed).subList(0, pictures);
    }

    @Override
    public List<Scene> test(long seed) {
        return SortOfClevr.test(seed);
    }

    @Override
    public List<String> answers() {
        return SortOfClevr.ANSWERS;
    }

    @Override
    public List<String> vocabulary() {
        return SortOfClevr.vocabulary();
    }

    @Override
    public List<String> kinds() {
        return List.of(RELATIONAL, OTHER);
    }

    @Override
    public String kind(VisualQuestion question) {
        return question.relational() ? RELATIONAL : OTHER;
    }

    @Override
    public boolean canMirror() {
        return true;
    }

    @Override
    public int mirroredAnswer(VisualQuestion question, boolean sides, boolean ends) {
        return SortOfClevr.mirroredAnswer(question, sides, ends);
    }
}
