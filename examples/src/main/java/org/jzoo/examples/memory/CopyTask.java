package org.jzoo.examples.memory;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import org.jzoo.blocks.kernel.LossKernel;

/**
 * Symbols are shown at the start of the first segment and asked for, one by one, at the end of the
 * last; all between is noise. Each symbol is one of 8: chance is 12.5 %.
 *
 * @param segmentLength tokens of a segment, at least {@code numSymbols}
 * @param numSegments segments, at least 1
 * @param numSymbols symbols to remember, at least 1
 */
public record CopyTask(int segmentLength, int numSegments, int numSymbols) {

    /** The symbols that may be shown. */
    public static final int ALPHABET = 8;

    private static final int NOISE = 8;

    /**
     * One batch.
     *
     * @param ids (B, N) int64
     * @param labels of the last segment, (B, T) int64: the symbols where they are asked for,
     *     otherwise {@link LossKernel#IGNORE}
     */
    public record Batch(NDArray ids, NDArray labels) {}

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public CopyTask {
        if (numSymbols < 1 || numSegments < 1 || segmentLength < numSymbols) {
            throw new IllegalArgumentException(
                    "numSymbols and numSegments must be >= 1 and segmentLength >= numSymbols, got numSymbols=%d, numSegments=%d, segmentLength=%d"
                            .formatted(numSymbols, numSegments, segmentLength));
        }
    }

    /** The number of different tokens: symbols, noise, and a question for each place. */
    public int vocabulary() {
        return ALPHABET + NOISE + numSymbols;
    }

    /** The length of an input (N). */
    public int length() {
        return segmentLength * numSegments;
    }

    /** The share of right answers that guessing gets. */
    public double chance() {
        return 1.0 / ALPHABET;
    }

    /** A batch; for the same seed always the same one. */
    public Batch batch(NDManager manager, int batchSize, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] ids = new long[batchSize * length()];
        long[] labels = new long[batchSize * segmentLength];
        for (int b = 0; b < batchSize; b++) {
            int start = b * length();
            for (int i = 0; i < length(); i++) {
                ids[start + i] = (long) ALPHABET + random.nextInt(NOISE);
            }
            int answers = b * segmentLength;
            for (int i = 0; i < segmentLength; i++) {
                labels[answers + i] = LossKernel.IGNORE;
            }
            for (int i = 0; i < numSymbols; i++) {
                int symbol = random.nextInt(ALPHABET);
                ids[start + i] = symbol;
                ids[start + length() - numSymbols + i] = (long) ALPHABET + NOISE + i;
                labels[answers + segmentLength - numSymbols + i] = symbol;
            }
        }
        return new Batch(
                manager.create(ids, new Shape(batchSize, length())),
                manager.create(labels, new Shape(batchSize, segmentLength)));
    }
}
