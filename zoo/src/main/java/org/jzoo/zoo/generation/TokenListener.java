package org.jzoo.zoo.generation;

/** Hears of tokens as they come. */
@FunctionalInterface
public interface TokenListener {

    /** Lets everything go on. */
    TokenListener NONE = (row, token) -> true;

    /**
     * Called for each new token, end tokens left out.
     *
     * @param row which prompt of the batch it continues
     * @param token the token
     * @return whether this row goes on
     */
    boolean onToken(int row, long token);
}
