package org.jzoo.datasets.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jzoo.datasets.Seeds;

/**
 * Sort-of-CLEVR: generated pictures of six coloured shapes with ten relational and ten
 * non-relational questions each, 9,800 for training and 200 for testing.
 *
 * <p>Pictures have 75 × 75 pixels and six objects of six colours, each a square or a circle.
 * Relational: the shape of the object closest to, or furthest from, the one of a colour, and how
 * many objects have its shape, itself included. Non-relational: the shape of the object of a
 * colour, whether it lies in the left half, and whether in the top half. Which questions a picture
 * is asked is drawn without repetition.
 *
 * <p>Unlike the published set, questions are asked in words: six known phrasings a kind, and three
 * unseen ones made of the same words. Test pictures carry each question twice: first the twenty in
 * known phrasings, then the same twenty in unseen ones.
 *
 * <p>{@link VisualQuestion#code()} is the published encoding by 11 numbers: the colour as one of
 * six, non-relational or relational as one of two, the kind as one of three.
 *
 * @see <a href="https://arxiv.org/abs/1706.01427">Santoro et al. 2017, A simple neural network
 *     module for relational reasoning</a>, section 3.2 and appendix
 */
public final class SortOfClevr {

    /** All answers; {@link VisualQuestion#answer()} is the index of one. */
    public static final List<String> ANSWERS =
            List.of("yes", "no", "square", "circle", "1", "2", "3", "4", "5", "6");

    /** The colours in the order of the code. */
    public static final List<String> COLORS =
            List.of("red", "blue", "green", "orange", "yellow", "gray");

    /** The width and the height of a picture in pixels. */
    public static final int SIDE = ShapeScene.SIDE;

    /** How many numbers a question's code has. */
    public static final int CODE_LENGTH = 11;

    private static final int TRAIN = 9_800;
    private static final int TEST = 200;
    private static final int KINDS = 3;
    private static final int QUESTIONS = 10;

    private SortOfClevr() {}

    /** The 9,800 training pictures, each drawn when it is asked for. */
    public static List<Scene> train(long seed) {
        return Seeds.list(TRAIN, index -> scene(Seeds.random(seed, index), false));
    }

    /** The 200 test pictures of the same seed, each drawn when it is asked for. */
    public static List<Scene> test(long seed) {
        return Seeds.list(TEST, index -> scene(Seeds.random(seed, TRAIN + index), true));
    }

    /** All words of all phrasings, the unseen ones included, sorted. */
    public static List<String> vocabulary() {
        TreeSet<String> words = new TreeSet<>(COLORS);
        for (ShapeQuestion kind : ShapeQuestion.values()) {
            kind.phrasings().addWords(words);
        }
        return List.copyOf(words);
    }

    /**
     * The answer to a question when its picture is mirrored: sides change places, all else stays.
     *
     * @param sides whether left and right change places
     * @param ends whether top and bottom do
     */
    public static int mirroredAnswer(VisualQuestion question, boolean sides, boolean ends) {
        long[] code = question.code();
        boolean left = code[ShapeScene.OBJECTS] == 1 && code[subtype(ShapeQuestion.LEFT_HALF)] == 1;
        boolean top = code[ShapeScene.OBJECTS] == 1 && code[subtype(ShapeQuestion.TOP_HALF)] == 1;
        // No object's centre lies on a middle line, so that yes and no change places.
        return (left && sides) || (top && ends) ? 1 - question.answer() : question.answer();
    }

    private static int subtype(ShapeQuestion kind) {
        return ShapeScene.OBJECTS + 2 + kind.subtype();
    }

    private static Scene scene(Random random, boolean test) {
        ShapeScene scene = new ShapeScene(random);
        List<Asked> asked = new ArrayList<>(2 * QUESTIONS);
        draw(asked, true, random);
        draw(asked, false, random);
        List<VisualQuestion> questions = new ArrayList<>(asked.size() * (test ? 2 : 1));
        asked.forEach(question -> questions.add(question.phrase(scene, random, false)));
        if (test) {
            asked.forEach(question -> questions.add(question.phrase(scene, random, true)));
        }
        return new Scene(scene.draw(), questions);
    }

    /** Draws ten of the eighteen pairs of a kind and a colour: a shuffle that stops early. */
    private static void draw(List<Asked> into, boolean relational, Random random) {
        int[] pairs = new int[KINDS * ShapeScene.OBJECTS];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = i;
        }
        for (int i = 0; i < QUESTIONS; i++) {
            int j = i + random.nextInt(pairs.length - i);
            int pair = pairs[j];
            pairs[j] = pairs[i];
            ShapeQuestion kind = ShapeQuestion.of(relational, pair % KINDS);
            into.add(new Asked(kind, pair / KINDS));
        }
    }

    /** A question without its words. */
    private record Asked(ShapeQuestion kind, int color) {

        VisualQuestion phrase(ShapeScene scene, Random random, boolean unseen) {
            String text = kind.phrasings().draw(random, unseen).formatted(COLORS.get(color));
            long[] code = new long[CODE_LENGTH];
            code[color] = 1;
            code[ShapeScene.OBJECTS + (kind.relational() ? 1 : 0)] = 1;
            code[subtype(kind)] = 1;
            return new VisualQuestion(text, code, answer(scene), kind.relational(), unseen);
        }

        private int answer(ShapeScene scene) {
            return switch (kind) {
                case CLOSEST -> shape(scene, scene.closestTo(color));
                case FURTHEST -> shape(scene, scene.furthestFrom(color));
                case SAME_SHAPE -> 3 + scene.countLike(color);
                case SHAPE -> shape(scene, color);
                case LEFT_HALF -> scene.isLeft(color) ? 0 : 1;
                case TOP_HALF -> scene.isTop(color) ? 0 : 1;
            };
        }

        private static int shape(ShapeScene scene, int object) {
            return scene.isCircle(object) ? 3 : 2;
        }
    }
}
