package org.jzoo.datasets.longtext;

import java.util.Arrays;
import java.util.Objects;

/**
 * A nested list operation and its value.
 *
 * @param text the tokens, of {@link ListOps#TOKENS}, with spaces between them
 * @param answer the value, from 0 to 9
 */
public record ListOpsExample(String text, int answer) {

    /** Checks the range. */
    public ListOpsExample {
        Objects.requireNonNull(text, "text");
        if (answer < 0 || answer > 9) {
            throw new IllegalArgumentException("answer must be in [0, 9], got answer=" + answer);
        }
    }

    /** The indices of the tokens in {@link ListOps#TOKENS}. */
    public int[] ids() {
        return Arrays.stream(text.split(" ")).mapToInt(ListOps.TOKENS::indexOf).toArray();
    }
}
