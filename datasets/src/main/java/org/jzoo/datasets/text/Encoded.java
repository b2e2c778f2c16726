package org.jzoo.datasets.text;

import java.util.Objects;

/**
 * Token ids of one text or pair, special tokens included, after truncation and before padding.
 *
 * @param ids token ids, shape (T)
 * @param typeIds segment ids, shape (T): 0 for the first text, 1 for the second
 * @param originalLength how many tokens there would be without truncation, at least T
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of tensors: equality is never asked for.
public record Encoded(long[] ids, long[] typeIds, int originalLength) {

    /** Checks that the three agree. */
    public Encoded {
        Objects.requireNonNull(ids, "ids");
        Objects.requireNonNull(typeIds, "typeIds");
        if (ids.length == 0) {
            throw new IllegalArgumentException("ids must not be empty, got length=0");
        }
        if (typeIds.length != ids.length) {
            throw new IllegalArgumentException(
                    "typeIds must have the length of ids, got typeIds=%d, ids=%d"
                            .formatted(typeIds.length, ids.length));
        }
        if (originalLength < ids.length) {
            throw new IllegalArgumentException(
                    "originalLength must be >= length, got originalLength=%d, length=%d"
                            .formatted(originalLength, ids.length));
        }
    }

    /** T, the number of tokens kept. */
    public int length() {
        return ids.length;
    }

    /** Whether tokens were cut off. */
    public boolean truncated() {
        return originalLength > ids.length;
    }
}
