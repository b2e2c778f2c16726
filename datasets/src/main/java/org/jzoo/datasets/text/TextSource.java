package org.jzoo.datasets.text;

import java.util.Iterator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Text examples that can be read from the start any number of times, one at a time. */
public interface TextSource {

    /** The name that errors give, usually the file's. */
    String name();

    /** What the labels are. */
    TargetKind target();

    /**
     * Opens the source at its first row. The stream holds a file: close it, or read it to its end.
     *
     * @throws DataException from the stream's operations, on the first faulty row
     */
    Stream<TextExample> stream();

    /** Reads everything and counts it. */
    default long count() {
        try (Stream<TextExample> examples = stream()) {
            long count = 0;
            for (Iterator<TextExample> i = examples.iterator(); i.hasNext(); i.next()) {
                count++;
            }
            return count;
        }
    }

    /** The examples that satisfy {@code keep}, with their rows unchanged. */
    default TextSource where(Predicate<TextExample> keep) {
        return new DerivedSource(this, stream -> stream.filter(keep));
    }

    /** At most the first {@code rows} examples. */
    default TextSource first(long rows) {
        return new DerivedSource(this, stream -> stream.limit(rows));
    }
}
