package org.jzoo.blocks.chunk;

import java.util.Objects;
import org.jzoo.blocks.part.Option;

/**
 * What is kept of earlier chunks to be found again.
 *
 * @param capacity blocks that are kept (n), at least 1, those of the chunk that is read among them,
 *     all of which are kept; 0 keeps all, in memory that grows with what was read
 * @param keep which blocks stay when there are more
 * @param numbers how they are kept outside training
 */
public record StoreOption(int capacity, Keep keep, Numbers numbers) implements Option {

    /** All blocks, as computed. */
    public static final StoreOption ALL = new StoreOption(0, Keep.LATEST, Numbers.COMPUTED);

    /** Which blocks stay. */
    public enum Keep {
        /** Those read last. */
        LATEST,
        /** Those that scored highest for any chunk since they were read. */
        RELEVANT
    }

    /** How a number is kept. */
    public enum Numbers {
        /** In the type of matrix products. */
        COMPUTED,
        /** In 8 bits, with a factor for each token. */
        INT8
    }

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code capacity} is negative
     */
    public StoreOption {
        Objects.requireNonNull(keep, "keep");
        Objects.requireNonNull(numbers, "numbers");
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity must be >= 0, got capacity=" + capacity);
        }
    }
}
