package org.jzoo.examples.recall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jzoo.datasets.longtext.Needles;

/**
 * A text with hidden facts as tokens. It ends with the question and a slot for each token of the
 * answer, so that whoever reads it in order needs nothing else; the question is also given by
 * itself, for readers that keep it in mind from the start, as someone who asks of a book does.
 *
 * @param task what is asked
 * @param tokens of the text, exactly as many as were wanted
 * @param question its tokens
 * @param answer its tokens and {@link RecallVocabulary#END}
 * @param marks of the tokens: {@link #ANSWERS}, {@link #LIKE} for sentences of the same form, or 0
 * @param facts where the facts that answer stand, in the order in which one leads to the next: the
 *     first token and the one behind the last
 * @param findings what is known after none, one, two … of them, each with {@link
 *     RecallVocabulary#END}
 * @param told how many of the findings the reader knows before it begins
 * @param depth where the first fact stands, from 0 at the beginning to 1 at the end
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of tokens: equality is never asked for.
record RecallExample(
        RecallTask task,
        int[] tokens,
        int[] question,
        int[] answer,
        int[] marks,
        List<int[]> facts,
        List<int[]> findings,
        int told,
        double depth) {

    /** Slots at the end of every text. */
    static final int SLOTS = 6;

    /** Marks tokens of the facts that answer. */
    static final int ANSWERS = 2;

    /** Marks tokens of facts that do not. */
    static final int LIKE = 1;

    private static final int NONE = -1;

    // Evidence is the number of the fact, or NONE.
    private record Place(int[] sentence, int position, int evidence) {}

    /** Makes an example as it is learnt, which may be easier than {@link #draw as it is asked}. */
    static RecallExample learnt(
            RecallTask task,
            int length,
            List<int[]> filler,
            RecallVocabulary vocabulary,
            Random random) {
        return of(task, task.learnt().draw(random), length, filler, vocabulary, random);
    }

    /**
     * Makes an example.
     *
     * @param length tokens of the text, question and slots included
     * @param filler sentences of the speeches
     */
    static RecallExample draw(
            RecallTask task,
            int length,
            List<int[]> filler,
            RecallVocabulary vocabulary,
            Random random) {
        return of(task, task.task().draw(random), length, filler, vocabulary, random);
    }

    private static RecallExample of(
            RecallTask task,
            Needles needles,
            int length,
            List<int[]> filler,
            RecallVocabulary vocabulary,
            Random random) {
        int[] question = vocabulary.encode(needles.question());
        List<int[]> findings =
                needles.findings().stream().map(vocabulary::encode).map(f -> ended(f)).toList();
        int room = length - SLOTS - question.length;
        int body = room - total(needles, vocabulary);
        if (body < 0) {
            throw new IllegalArgumentException(
                    "length must leave room for the facts, got length=%d, facts=%d"
                            .formatted(length, length - body));
        }
        List<Place> places = places(needles, vocabulary, body, random);
        int[] tokens = new int[length];
        int[] marks = new int[length];
        List<int[]> facts =
                new ArrayList<>(Collections.nCopies(needles.evidence().size(), new int[2]));
        write(tokens, marks, facts, room, body, places, filler, random);
        double depth = (double) facts.stream().mapToInt(fact -> fact[0]).min().orElse(0) / room;
        System.arraycopy(question, 0, tokens, room, question.length);
        for (int i = 0; i < SLOTS; i++) {
            tokens[length - SLOTS + i] = RecallVocabulary.SLOT + i;
        }
        return new RecallExample(
                task,
                tokens,
                question,
                findings.get(findings.size() - 1),
                marks,
                facts,
                findings,
                0,
                depth);
    }

    /**
     * The same, half the time with a reader who knows some of the findings already: so that a text
     * that is read once teaches each of the steps. Of sums nothing is told.
     */
    RecallExample told(Random random) {
        int some = random.nextInt(2) * (1 + random.nextInt(Math.max(1, facts.size())));
        return new RecallExample(
                task,
                tokens,
                question,
                answer,
                marks,
                facts,
                findings,
                task.sums() ? 0 : some,
                depth);
    }

    private static int[] ended(int... tokens) {
        int[] ended = Arrays.copyOf(tokens, tokens.length + 1);
        ended[tokens.length] = RecallVocabulary.END;
        return ended;
    }

    private static int total(Needles needles, RecallVocabulary vocabulary) {
        int sum = 0;
        for (String sentence : needles.evidence()) {
            sum += vocabulary.encode(sentence).length;
        }
        for (String sentence : needles.distractors()) {
            sum += vocabulary.encode(sentence).length;
        }
        return sum;
    }

    private static List<Place> places(
            Needles needles, RecallVocabulary vocabulary, int body, Random random) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < needles.evidence().size(); i++) {
            int[] sentence = vocabulary.encode(needles.evidence().get(i));
            places.add(new Place(sentence, random.nextInt(body + 1), i));
        }
        for (String sentence : needles.distractors()) {
            places.add(new Place(vocabulary.encode(sentence), random.nextInt(body + 1), NONE));
        }
        Collections.shuffle(places, random);
        places.sort(Comparator.comparingInt(Place::position));
        return places;
    }

    // Facts stand before the first sentence that begins at their position or later.
    private static void write(
            int[] tokens,
            int[] marks,
            List<int[]> facts,
            int room,
            int body,
            List<Place> places,
            List<int[]> filler,
            Random random) {
        int at = random.nextInt(filler.size());
        int written = 0;
        int next = 0;
        int end = 0;
        while (end < room) {
            while (next < places.size()
                    && (places.get(next).position() <= written || written == body)) {
                Place place = places.get(next++);
                System.arraycopy(place.sentence(), 0, tokens, end, place.sentence().length);
                int after = end + place.sentence().length;
                Arrays.fill(marks, end, after, place.evidence() == NONE ? LIKE : ANSWERS);
                if (place.evidence() != NONE) {
                    facts.set(place.evidence(), new int[] {end, after});
                }
                end = after;
            }
            int[] sentence = filler.get(at++ % filler.size());
            int some = Math.min(sentence.length, body - written);
            System.arraycopy(sentence, 0, tokens, end, some);
            end += some;
            written += some;
        }
    }
}
