package org.jzoo.zoo.document;

/**
 * What a reading has come to.
 *
 * @param position where the text goes on; null if it was read to its end
 * @param search what was found of an answer so far; null if none is looked for
 * @param pending tokens that fill no chunk of the model yet
 * @param answer what the whole text answers; null if it was not read to its end
 * @param outputs what the model says of the whole text; null likewise
 */
record ReadingState(
        ReadingPosition position,
        AnswerSearch.State search,
        long[] pending,
        LongAnswer answer,
        float[] outputs) {

    static ReadingState answered(LongAnswer answer) {
        return new ReadingState(null, null, null, answer, null);
    }

    static ReadingState read(float[] outputs) {
        return new ReadingState(null, null, null, null, outputs);
    }

    boolean finished() {
        return position == null;
    }
}
