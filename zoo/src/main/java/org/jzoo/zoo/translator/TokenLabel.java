package org.jzoo.zoo.translator;

/**
 * A labelled stretch of a text.
 *
 * @param token the stretch as it stands in the text
 * @param label its label, without the "B-" and "I-" of labels that mark beginnings
 * @param score probability of the label, the mean over the stretch's words
 * @param start index in the text of its first character
 * @param end index past its last character
 */
public record TokenLabel(String token, String label, float score, int start, int end) {}
