package org.jzoo.datasets.longtext;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.jzoo.datasets.Seeds;

/**
 * Hides facts in filler text of a given length: successive sentences from a random place of the
 * filler on, which starts again at its end, with the facts between them.
 */
public final class Haystack {

    /** The length of a sentence in words. */
    public static final ToIntFunction<String> WORDS = sentence -> sentence.split(" ").length;

    /** The length of a sentence in UTF-8 bytes, with the space that follows it. */
    public static final ToIntFunction<String> BYTES =
            sentence -> sentence.getBytes(StandardCharsets.UTF_8).length + 1;

    private final List<String> filler;
    private final int[] fillerLengths;
    private final int length;
    private final ToIntFunction<String> measure;

    /**
     * Texts in this filler.
     *
     * @param length the length of a text, facts included; texts are shorter by less than a sentence
     * @param measure the length of a sentence: {@link #WORDS}, {@link #BYTES}, or the tokens of the
     *     model's tokenizer
     */
    public Haystack(Filler filler, int length, ToIntFunction<String> measure) {
        this.filler = filler.sentences();
        this.fillerLengths = this.filler.stream().mapToInt(measure).toArray();
        for (int i = 0; i < fillerLengths.length; i++) {
            if (fillerLengths[i] < 1) {
                throw new IllegalArgumentException(
                        "measure must be >= 1 for every sentence, got measure=%d for \"%s\""
                                .formatted(fillerLengths[i], this.filler.get(i)));
            }
        }
        this.length = length;
        this.measure = measure;
    }

    /** Examples with all facts at random places, each made when it is asked for. */
    public List<LongExample> examples(LongTask task, int size, long seed) {
        return examples(Double.NaN, task, size, seed);
    }

    /**
     * Examples with the evidence in one place and the distractors at random ones: for measuring
     * recall by distance.
     *
     * @param depth the place, from 0 for the beginning to 1 for the end of the text
     */
    public List<LongExample> examplesAt(double depth, LongTask task, int size, long seed) {
        if (!(depth >= 0 && depth <= 1)) {
            throw new IllegalArgumentException("depth must be in [0, 1], got depth=" + depth);
        }
        return examples(depth, task, size, seed);
    }

    private List<LongExample> examples(double depth, LongTask task, int size, long seed) {
        Objects.requireNonNull(task, "task");
        return Seeds.list(
                size,
                index -> {
                    Random random = Seeds.random(seed, index);
                    return hide(task.draw(random), depth, random);
                });
    }

    private LongExample hide(Needles needles, double depth, Random random) {
        int room = length;
        for (String sentence : needles.evidence()) {
            room -= measure.applyAsInt(sentence);
        }
        for (String sentence : needles.distractors()) {
            room -= measure.applyAsInt(sentence);
        }
        if (room < 0) {
            throw new IllegalArgumentException(
                    "length must leave room for the facts, got length=%d, facts=%d"
                            .formatted(length, length - room));
        }
        int first = random.nextInt(fillerLengths.length);
        int count = 0;
        for (int next; (next = fillerLengths[(first + count) % fillerLengths.length]) <= room; ) {
            room -= next;
            count++;
        }
        return write(needles, places(needles, depth, count, random), first, count);
    }

    /** Every fact with the number of filler sentences before it, in the order of the text. */
    private List<Place> places(Needles needles, double depth, int count, Random random) {
        List<Place> places = new ArrayList<>();
        for (String sentence : needles.evidence()) {
            int before =
                    Double.isNaN(depth)
                            ? random.nextInt(count + 1)
                            : (int) Math.round(depth * count);
            places.add(new Place(sentence, true, before));
        }
        for (String sentence : needles.distractors()) {
            places.add(new Place(sentence, false, random.nextInt(count + 1)));
        }
        Collections.shuffle(places, random);
        places.sort(Comparator.comparingInt(Place::before));
        return places;
    }

    private LongExample write(Needles needles, List<Place> places, int first, int count) {
        StringBuilder text = new StringBuilder();
        List<Span> evidence = new ArrayList<>();
        int next = 0;
        for (int i = 0; i <= count; i++) {
            for (; next < places.size() && places.get(next).before == i; next++) {
                int start = append(text, places.get(next).sentence);
                if (places.get(next).evidence) {
                    evidence.add(new Span(start, text.length()));
                }
            }
            if (i < count) {
                append(text, filler.get((first + i) % filler.size()));
            }
        }
        return new LongExample(text.toString(), needles.question(), needles.answer(), evidence);
    }

    private static int append(StringBuilder text, String sentence) {
        if (!text.isEmpty()) {
            text.append(' ');
        }
        int start = text.length();
        text.append(sentence);
        return start;
    }

    private record Place(String sentence, boolean evidence, int before) {}
}
