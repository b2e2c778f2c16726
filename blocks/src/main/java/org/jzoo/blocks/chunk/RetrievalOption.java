package org.jzoo.blocks.chunk;

import java.util.Objects;
import org.jzoo.blocks.part.Option;

/**
 * Lets attention find blocks of earlier chunks again by content: every block has a key, pooled from
 * its tokens, every chunk a query, and the blocks that score highest join the attention, their
 * scores added to those of their tokens.
 *
 * @param blockLength tokens of a block (S), at least 1
 * @param count blocks that join (k), at least 1
 * @param numHeads ways to pool (Hr), at least 1
 * @param headSize features of each, at least 1
 * @param store what is kept
 * @see <a href="https://arxiv.org/abs/2305.16300">Mohtashami and Jaggi 2023, Landmark
 *     attention</a>, section 3
 * @see <a href="https://arxiv.org/abs/2307.03170">Tworkowski et al. 2023, Focused Transformer</a>,
 *     section 3.1
 */
public record RetrievalOption(
        int blockLength, int count, int numHeads, int headSize, StoreOption store)
        implements Option {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is below 1
     */
    public RetrievalOption {
        Objects.requireNonNull(store, "store");
        if (blockLength < 1 || count < 1 || numHeads < 1 || headSize < 1) {
            throw new IllegalArgumentException(
                    "blockLength, count, numHeads and headSize must be >= 1, got blockLength=%d, count=%d, numHeads=%d, headSize=%d"
                            .formatted(blockLength, count, numHeads, headSize));
        }
    }

    /** The same with another store. */
    public RetrievalOption withStore(StoreOption other) {
        return new RetrievalOption(blockLength, count, numHeads, headSize, other);
    }
}
