package org.jzoo.examples.arena;

import java.util.Locale;
import org.jzoo.datasets.imdb.ImdbReviews;
import org.jzoo.datasets.text.LabelSet;

/**
 * What is classified.
 *
 * @see <a href="https://arxiv.org/abs/2011.04006">Tay et al. 2021, Long Range Arena</a>, sections
 *     2.2.1 and 2.2.2
 */
public enum ArenaTask {
    /** The value, a digit, of nested list operations of 501 to 1,999 tokens. */
    LISTOPS,
    /** The sentiment of a film review, of which the first 4,096 bytes are read. */
    TEXT;

    private static final LabelSet DIGITS =
            LabelSet.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    /** The name in commands and tables, such as "listops". */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The classes. */
    public LabelSet labels() {
        return this == LISTOPS ? DIGITS : ImdbReviews.labels();
    }

    /** Tokens or bytes that are read. */
    int maxLength() {
        return this == LISTOPS ? 2_000 : 4_096;
    }

    /** Rows of the token table, the first of which is padding. */
    int vocabularySize() {
        return this == LISTOPS ? ListOpsEncoding.VOCABULARY : ByteEncoding.VOCABULARY;
    }

    // Expressions are drawn anew, so that nobody learns them by heart; reviews are few.
    double dropout() {
        return this == LISTOPS ? 0 : 0.1;
    }
}
