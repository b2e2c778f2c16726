package org.jzoo.zoo.translator;

/** From a tokenizer's offsets, which count code points, to indices in a Java string. */
final class CharacterIndex {

    private final String text;
    private int codePoint;
    private int index;

    CharacterIndex(String text) {
        this.text = text;
    }

    /** The index of a code point; cheapest if asked in rising order. */
    int of(int wanted) {
        index = text.offsetByCodePoints(index, wanted - codePoint);
        codePoint = wanted;
        return index;
    }
}
