package org.jzoo.examples.recipe;

import java.util.List;
import org.jzoo.datasets.vision.Scene;
import org.jzoo.datasets.vision.VisualQuestion;
import org.jzoo.zoo.j1.J1Size;

/** Pictures with questions that a {@link VqaRun} trains and tests on. */
public interface VqaData {

    /** The word that is typed for it. */
    String name();

    /** What cards call it. */
    String title();

    /** What its questions are about, as in "questions in words about …". */
    String subject();

    /** The usual number of training pictures. */
    int pictures();

    /** Passes over the training pictures, usually. */
    int epochs();

    /** The usual size of a model. */
    J1Size size();

    /** The training pictures of a seed, {@code pictures} of them. */
    List<Scene> train(int pictures, long seed);

    /** The test pictures of a seed, each question in a known and in an unseen wording. */
    List<Scene> test(long seed);

    /** All answers. */
    List<String> answers();

    /** All words of the questions. */
    List<String> vocabulary();

    /** The kinds of questions that are told apart in figures. */
    List<String> kinds();

    /** The kind of a question. */
    String kind(VisualQuestion question);

    /** Whether pictures may be mirrored, see {@link #mirroredAnswer}. */
    default boolean canMirror() {
        return false;
    }

    /**
     * The answer when the picture is mirrored.
     *
     * @param sides whether left and right change places
     * @param ends whether top and bottom do
     * @throws UnsupportedOperationException if pictures of this kind are not mirrored
     */
    default int mirroredAnswer(VisualQuestion question, boolean sides, boolean ends) {
        throw new UnsupportedOperationException(title() + " is not mirrored");
    }
}
