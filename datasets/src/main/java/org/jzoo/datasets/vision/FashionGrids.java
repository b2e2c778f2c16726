package org.jzoo.datasets.vision;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jzoo.datasets.Seeds;

/**
 * Grids of 2 × 2 or 3 × 3 real garments from Fashion-MNIST with questions in words, seven a
 * picture.
 *
 * <p>Not relational: which garment is at a place (two), where a garment is that occurs once (one).
 * Relational: how many of a kind there are, of one that occurs and of one that occurs or does not
 * (two); whether the garments at two places are of the same kind, or of different ones, where yes
 * and no are equally frequent (two).
 *
 * <p>Training grids are made of training pictures in known phrasings, test grids of test pictures
 * alone, with each question twice: first all seven in known phrasings, then all seven in unseen
 * ones made of the same words.
 *
 * <p>{@link VisualQuestion#code()} has 32 numbers: which, where, count or same as one of four (same
 * is −1 when it asks for difference); the garment as one of ten; the first place as one of nine;
 * the second place as one of nine.
 */
public final class FashionGrids {

    /** All answers; {@link VisualQuestion#answer()} is the index of one. */
    public static final List<String> ANSWERS =
            Stream.of(
                            Stream.of("yes", "no"),
                            GarmentImages.NAMES.stream(),
                            GarmentPhrasings.PLACES.stream(),
                            IntStream.rangeClosed(0, 8).mapToObj(Integer::toString))
                    .flatMap(answers -> answers)
                    .toList();

    /** The kinds of questions, in the order of the first numbers of a code. */
    public static final List<String> KINDS =
            List.of("which", "where", "how many", "same or different");

    /** How many numbers a question's code has. */
    public static final int CODE_LENGTH = 32;

    private static final int GARMENT = 4;
    private static final int PLACE = 14;
    private static final int SECOND_PLACE = 23;
    private static final int FIRST_KIND_ANSWER = 2;
    private static final int FIRST_PLACE_ANSWER = 12;
    private static final int FIRST_COUNT_ANSWER = 21;

    private final Path folder;
    private final int cells;

    /**
     * Grids of the pictures in this folder.
     *
     * @param folder the folder of the IDX files that {@link GarmentImages} reads
     * @param cells 2 or 3, the pictures in a row and in a column
     */
    public FashionGrids(Path folder, int cells) {
        this.folder = Objects.requireNonNull(folder, "folder");
        if (cells != 2 && cells != 3) {
            throw new IllegalArgumentException("cells must be 2 or 3, got cells=" + cells);
        }
        this.cells = cells;
    }

    /** This many training grids, each drawn when it is asked for. */
    public List<Scene> train(int size, long seed) {
        return grids(GarmentImages.train(folder), size, index -> Seeds.random(seed, index), false);
    }

    /** This many test grids, of test pictures alone, each drawn when it is asked for. */
    public List<Scene> test(int size, long seed) {
        return grids(
                GarmentImages.test(folder), size, index -> Seeds.random(seed, -1L - index), true);
    }

    /** The kind of a question of these grids, one of {@link #KINDS}. */
    public static String kind(VisualQuestion question) {
        int kind = 0;
        while (question.code()[kind] == 0) {
            kind++;
        }
        return KINDS.get(kind);
    }

    /** All words of all phrasings, the unseen ones included, sorted. */
    public static List<String> vocabulary() {
        TreeSet<String> words = new TreeSet<>();
        GarmentPhrasings.addWords(words);
        return List.copyOf(words);
    }

    private List<Scene> grids(
            GarmentImages garments, int size, IntFunction<Random> random, boolean test) {
        for (int kind = 0; kind < GarmentImages.NAMES.size(); kind++) {
            if (garments.count(kind) == 0) {
                throw new IllegalArgumentException(
                        "garments must have all ten kinds, got no "
                                + GarmentImages.NAMES.get(kind));
            }
        }
        return Seeds.list(size, index -> scene(garments, random.apply(index), test));
    }

    private Scene scene(GarmentImages garments, Random random, boolean test) {
        GarmentGrid grid = new GarmentGrid(garments, cells, random);
        List<Asked> asked = ask(grid, random);
        List<VisualQuestion> questions = new ArrayList<>(asked.size() * (test ? 2 : 1));
        asked.forEach(question -> questions.add(question.phrase(random, false)));
        if (test) {
            asked.forEach(question -> questions.add(question.phrase(random, true)));
        }
        return new Scene(grid.draw(garments), questions);
    }

    private static List<Asked> ask(GarmentGrid grid, Random random) {
        int[] places = GarmentGrid.shuffled(grid.size(), random);
        int present = grid.drawKind(true, random);
        int other;
        do {
            other = grid.drawKind(random.nextBoolean(), random);
        } while (other == present);
        return List.of(
                which(grid, places[0]),
                which(grid, places[1]),
                where(grid),
                count(grid, present),
                count(grid, other),
                same(grid, grid.drawPair(true, random), random.nextBoolean()),
                same(grid, grid.drawPair(false, random), random.nextBoolean()));
    }

    private static Asked which(GarmentGrid grid, int cell) {
        int place = grid.place(cell);
        long[] code = code(0, 1);
        code[PLACE + place] = 1;
        return new Asked(
                GarmentPhrasings.WHICH,
                List.of(GarmentPhrasings.PLACES.get(place)),
                code,
                FIRST_KIND_ANSWER + grid.kind(cell),
                false);
    }

    private static Asked where(GarmentGrid grid) {
        int kind = grid.kind(grid.single());
        long[] code = code(1, 1);
        code[GARMENT + kind] = 1;
        return new Asked(
                GarmentPhrasings.WHERE,
                List.of(GarmentImages.NAMES.get(kind)),
                code,
                FIRST_PLACE_ANSWER + grid.place(grid.single()),
                false);
    }

    private static Asked count(GarmentGrid grid, int kind) {
        long[] code = code(2, 1);
        code[GARMENT + kind] = 1;
        return new Asked(
                GarmentPhrasings.COUNT,
                List.of(GarmentPhrasings.PLURALS.get(kind)),
                code,
                FIRST_COUNT_ANSWER + grid.count(kind),
                true);
    }

    private static Asked same(GarmentGrid grid, int[] cells, boolean different) {
        int first = grid.place(cells[0]);
        int second = grid.place(cells[1]);
        long[] code = code(3, different ? -1 : 1);
        code[PLACE + first] = 1;
        code[SECOND_PLACE + second] = 1;
        boolean alike = grid.kind(cells[0]) == grid.kind(cells[1]);
        return new Asked(
                GarmentPhrasings.SAME,
                List.of(
                        GarmentPhrasings.PLACES.get(first),
                        GarmentPhrasings.PLACES.get(second),
                        GarmentPhrasings.relation(different)),
                code,
                alike != different ? 0 : 1,
                true);
    }

    private static long[] code(int kind, int sign) {
        long[] code = new long[CODE_LENGTH];
        code[kind] = sign;
        return code;
    }

    /** A question whose wording is not chosen yet. */
    private record Asked(
            Phrasings phrasings, List<String> about, long[] code, int answer, boolean relational) {

        VisualQuestion phrase(Random random, boolean unseen) {
            String text = phrasings.draw(random, unseen).formatted(about.toArray());
            return new VisualQuestion(text, code.clone(), answer, relational, unseen);
        }
    }
}
