package org.jzoo.datasets.text;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Examples read one after the other from something that must be closed. */
abstract class RowIterator implements Iterator<TextExample>, Closeable {

    private final Consumer<DataException> onBadRow;
    private TextExample next;
    private boolean ended;

    /** Bad rows are passed to {@code onBadRow}, which throws them or lets reading go on. */
    RowIterator(Consumer<DataException> onBadRow) {
        this.onBadRow = onBadRow;
    }

    /** A row whose content is at fault, while the rows after it can still be read. */
    static final class BadRow extends Exception {
        private static final long serialVersionUID = 1L;
        final transient DataException fault;

        BadRow(DataException fault) {
            super(fault);
            this.fault = fault;
        }
    }

    /** The next example, or null at the end. */
    abstract TextExample read() throws IOException, BadRow;

    @Override
    public boolean hasNext() {
        while (next == null && !ended) {
            try {
                next = read();
                if (next == null) {
                    ended = true;
                    close();
                }
            } catch (BadRow e) {
                onBadRow.accept(e.fault);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return next != null;
    }

    @Override
    public TextExample next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        TextExample example = next;
        next = null;
        return example;
    }

    /** A stream that closes this when it is closed or has ended. */
    Stream<TextExample> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(
                                this,
                                Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE),
                        false)
                .onClose(
                        () -> {
                            try {
                                close();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    /** The default for bad rows: stop at the first. */
    static Consumer<DataException> reject() {
        return fault -> {
            throw fault;
        };
    }
}
