package org.jzoo.datasets.longtext;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How often one sound is heard, while another is heard as well. Both counts are drawn uniformly
 * from 0 to {@code max}.
 *
 * @param max the largest count, from 1 to 1,000
 */
public record Counting(int max) implements LongTask {

    private static final List<String> SOUNDS =
            List.of("bell", "drum", "gong", "horn", "siren", "trumpet", "violin", "whistle");

    /** Checks the range. */
    public Counting {
        if (max < 1 || max > 1_000) {
            throw new IllegalArgumentException("max must be in [1, 1000], got max=" + max);
        }
    }

    @Override
    public Needles draw(Random random) {
        List<String> sounds = new ArrayList<>(SOUNDS);
        Collections.shuffle(sounds, random);
        int count = random.nextInt(max + 1);
        return new Needles(
                Collections.nCopies(count, sentence(sounds.get(0))),
                Collections.nCopies(random.nextInt(max + 1), sentence(sounds.get(1))),
                "How many times is the %s heard?".formatted(sounds.get(0)),
                IntStream.rangeClosed(0, count).mapToObj(Integer::toString).toList());
    }

    private static String sentence(String sound) {
        return "The %s is heard.".formatted(sound);
    }
}
