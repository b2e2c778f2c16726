package org.jzoo.zoo.text;

/**
 * A text (or a pair) as a model reads it.
 *
 * @param ids token ids, special tokens included (T)
 * @param typeIds 0 for the first text, 1 for the second where the model tells them apart (T)
 * @param starts offset in its own text of each token's first character; special tokens have −1 (T)
 * @param ends offset past each token's last character; special tokens have −1 (T)
 * @param originalLength tokens before truncation, at least {@code ids.length}
 */
public record TokenizedText(
        long[] ids, long[] typeIds, int[] starts, int[] ends, int originalLength) {

    /** Whether something was cut off. */
    public boolean truncated() {
        return originalLength > ids.length;
    }
}
