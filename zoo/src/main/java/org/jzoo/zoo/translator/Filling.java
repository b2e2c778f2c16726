package org.jzoo.zoo.translator;

/**
 * A word that fits in place of a mask.
 *
 * @param word the token, as text
 * @param probability among all tokens of the vocabulary
 * @param text the text with the mask filled in
 */
public record Filling(String word, double probability, String text) {}
