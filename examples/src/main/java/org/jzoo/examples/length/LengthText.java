package org.jzoo.examples.length;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.speech.Speech;
import org.jzoo.datasets.speech.UnionSpeeches;
import org.jzoo.examples.character.Characters;

/**
 * The text of the comparison as characters: speeches of the years that end in 5 are held out.
 *
 * @param train all other speeches, one after another
 * @param heldOut each held-out speech
 * @param hash SHA-256 of the source
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of text: equality is never asked for.
public record LengthText(long[] train, List<long[]> heldOut, String hash) {

    /** Reads the speeches; see {@link UnionSpeeches}. */
    public static LengthText read(Path path) throws IOException {
        return of(UnionSpeeches.read(path), DataHash.sha256(UnionSpeeches.locate(path)));
    }

    /** Splits speeches. */
    static LengthText of(List<Speech> speeches, String hash) {
        LongStream.Builder train = LongStream.builder();
        List<long[]> heldOut = new ArrayList<>();
        for (Speech speech : speeches) {
            long[] symbols = Characters.encode(speech.text() + "\n");
            if (speech.year() % 10 == 5) {
                heldOut.add(symbols);
            } else {
                LongStream.of(symbols).forEach(train);
            }
        }
        return new LengthText(train.build().toArray(), heldOut, hash);
    }

    /** The held-out speeches, one after another. */
    long[] joined() {
        return heldOut.stream().flatMapToLong(LongStream::of).toArray();
    }

    /**
     * Places in {@link #joined()} up to which a model reads, never into another speech.
     *
     * @param windows how many, at most
     * @param targets characters before a place that no other place predicts
     * @param longest characters of the same speech before every place, at least
     * @return in order, spread evenly over all there are
     * @throws IllegalArgumentException if no speech is long enough
     */
    long[] ends(int windows, int targets, int longest) {
        LongStream.Builder all = LongStream.builder();
        long base = 0;
        for (long[] speech : heldOut) {
            for (int end = longest; end < speech.length; end += targets) {
                all.add(base + end);
            }
            base += speech.length;
        }
        long[] places = all.build().toArray();
        if (places.length == 0) {
            throw new IllegalArgumentException(
                    "longest must be below the longest held-out speech's length, got longest="
                            + longest);
        }
        int count = Math.min(windows, places.length);
        long[] chosen = new long[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = places[(int) ((long) i * places.length / count)];
        }
        return chosen;
    }
}
