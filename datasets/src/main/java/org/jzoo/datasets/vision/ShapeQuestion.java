package org.jzoo.datasets.vision;

import java.util.Arrays;

/** The kinds of Sort-of-CLEVR questions: three relational ones, then three that are not. */
enum ShapeQuestion {
    CLOSEST(true, 0),
    FURTHEST(true, 1),
    SAME_SHAPE(true, 2),
    SHAPE(false, 0),
    LEFT_HALF(false, 1),
    TOP_HALF(false, 2);

    private final boolean relational;
    private final int subtype;

    ShapeQuestion(boolean relational, int subtype) {
        this.relational = relational;
        this.subtype = subtype;
    }

    /** The kind with this place among the relational ones, or among those that are not. */
    static ShapeQuestion of(boolean relational, int subtype) {
        return Arrays.stream(values())
                .filter(kind -> kind.relational == relational && kind.subtype == subtype)
                .findFirst()
                .orElseThrow();
    }

    boolean relational() {
        return relational;
    }

    int subtype() {
        return subtype;
    }

    Phrasings phrasings() {
        return switch (this) {
            case CLOSEST -> ShapePhrasings.CLOSEST;
            case FURTHEST -> ShapePhrasings.FURTHEST;
            case SAME_SHAPE -> ShapePhrasings.SAME_SHAPE;
            case SHAPE -> ShapePhrasings.SHAPE;
            case LEFT_HALF -> ShapePhrasings.LEFT_HALF;
            case TOP_HALF -> ShapePhrasings.TOP_HALF;
        };
    }
}
