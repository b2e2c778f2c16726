package org.jzoo.datasets.split;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/**
 * Holds whole sentences out of a training set that also holds their phrases, as SST-2's does: no
 * text that is trained on is a phrase of a sentence that is judged. Two sentences may still share
 * words.
 *
 * <p>A sentence is a text that is no run of words inside another text of the source. The hash of
 * its words puts it into one of the folds; texts that are runs of words of a held-out sentence are
 * neither trained on nor judged.
 */
public final class SentenceHoldOut {

    private final TextSource source;
    private final Set<Long> judged;
    private final long[] covered;

    private SentenceHoldOut(TextSource source, Set<Long> judged, long[] covered) {
        this.source = source;
        this.judged = judged;
        this.covered = covered;
    }

    /**
     * Splits a source of single texts, which it reads three times.
     *
     * @param folds how many parts of sentences there are, at least 2
     * @param fold the one that is held out, in [0, folds)
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static SentenceHoldOut of(TextSource source, int folds, int fold) {
        if (folds < 2 || fold < 0 || fold >= folds) {
            throw new IllegalArgumentException(
                    "folds must be >= 2 and fold in [0, folds), got folds=%d, fold=%d"
                            .formatted(folds, fold));
        }
        long[] inner = read(source, e -> spans(e.text(), false));
        Set<Long> judged = new HashSet<>();
        try (Stream<TextExample> examples = source.stream()) {
            for (Iterator<TextExample> i = examples.iterator(); i.hasNext(); ) {
                TextExample example = i.next();
                long hash = whole(example);
                if (!has(inner, hash) && foldOf(example, folds) == fold) {
                    judged.add(hash);
                }
            }
        }
        long[] covered =
                read(
                        source,
                        e ->
                                judged.contains(whole(e))
                                        ? spans(e.text(), true)
                                        : LongStream.empty());
        return new SentenceHoldOut(source, judged, covered);
    }

    /** The sentences that are held out. */
    public TextSource heldOut() {
        return source.where(example -> judged.contains(whole(example)));
    }

    /** The texts that are no run of words of one in {@link #heldOut}. */
    public TextSource rest() {
        return source.where(example -> !has(covered, whole(example)));
    }

    private static int foldOf(TextExample example, int folds) {
        return (int) (ContentHashSplit.place(example) * folds);
    }

    /** Hashes of one example. */
    @FunctionalInterface
    private interface Hashes {
        LongStream of(TextExample example);
    }

    private static long[] read(TextSource source, Hashes hashes) {
        try (Stream<TextExample> examples = source.stream()) {
            return examples.flatMapToLong(hashes::of).sorted().distinct().toArray();
        }
    }

    private static boolean has(long[] sorted, long hash) {
        return Arrays.binarySearch(sorted, hash) >= 0;
    }

    private static long whole(TextExample example) {
        long hash = 0;
        for (String word : words(example.text())) {
            hash = extend(hash, word);
        }
        return hash;
    }

    /** The hashes of all runs of a text's words; of the text itself only if asked for. */
    private static LongStream spans(String text, boolean withWhole) {
        String[] words = words(text);
        LongStream.Builder found = LongStream.builder();
        for (int from = 0; from < words.length; from++) {
            long hash = 0;
            for (int to = from; to < words.length; to++) {
                hash = extend(hash, words[to]);
                if (withWhole || to - from < words.length - 1) {
                    found.add(hash);
                }
            }
        }
        return found.build();
    }

    private static String[] words(String text) {
        return TextHash.normalize(text).split(" ");
    }

    // 64 bits of a run that grows word by word: the steps of FNV-1a, then a multiplier that
    // spreads.
    private static long extend(long hash, String word) {
        long h = hash ^ 0xcbf29ce484222325L;
        for (int i = 0; i < word.length(); i++) {
            h = (h ^ word.charAt(i)) * 0x100000001b3L;
        }
        return (h ^ h >>> 32) * 0x9e3779b97f4a7c15L;
    }
}
