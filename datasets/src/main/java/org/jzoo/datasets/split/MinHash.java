package org.jzoo.datasets.split;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jzoo.datasets.text.TextExample;

/**
 * The smallest hash of a text's three-word sequences under each of 128 hash functions. The share of
 * equal places in two such signatures estimates the Jaccard similarity of the sequences.
 */
final class MinHash {

    private static final int FUNCTIONS = 128;
    private static final int BANDS = 32;
    private static final int SHINGLE_WORDS = 3;
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final long[] SEEDS = new SplittableRandom(0).longs(FUNCTIONS).toArray();

    private final int[] signature = new int[FUNCTIONS];

    private MinHash() {
        Arrays.fill(signature, Integer.MAX_VALUE);
    }

    static MinHash of(TextExample example) {
        MinHash hash = new MinHash();
        hash.add(example.text(), 1);
        if (example.pair() != null) {
            hash.add(example.pair(), 2);
        }
        return hash;
    }

    private void add(String text, long salt) {
        String normal = TextHash.normalize(text);
        List<String> words = NO_WORD.splitAsStream(normal).filter(word -> !word.isEmpty()).toList();
        if (words.isEmpty()) {
            words = List.of(normal);
        }
        int shingle = Math.min(SHINGLE_WORDS, words.size());
        for (int i = 0; i + shingle <= words.size(); i++) {
            long value = salt;
            for (String word : words.subList(i, i + shingle)) {
                value = mix(value + stringHash(word));
            }
            for (int f = 0; f < FUNCTIONS; f++) {
                signature[f] = Math.min(signature[f], (int) (mix(value ^ SEEDS[f]) >>> 33));
            }
        }
    }

    /** Bits enough that different words hardly ever meet, which a String's 32 would not be. */
    private static long stringHash(String word) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** One key a band of four places: alike texts share at least one with high probability. */
    long[] bands() {
        long[] keys = new long[BANDS];
        int places = FUNCTIONS / BANDS;
        for (int band = 0; band < BANDS; band++) {
            long key = band + 1L;
            for (int i = 0; i < places; i++) {
                key = mix(key + signature[band * places + i]);
            }
            keys[band] = key;
        }
        return keys;
    }

    double similarity(MinHash other) {
        int equal = 0;
        for (int f = 0; f < FUNCTIONS; f++) {
            equal += signature[f] == other.signature[f] ? 1 : 0;
        }
        return (double) equal / FUNCTIONS;
    }
}
