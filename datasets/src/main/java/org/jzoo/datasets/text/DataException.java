package org.jzoo.datasets.text;

/** A fault in a data file, with the file and, where it has one, the row. */
public class DataException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String source;
    private final long row;

    /**
     * A fault at one row.
     *
     * @param source the file's name
     * @param row the row, counted from 1
     * @param line the line on which the row starts, or 0 if lines mean nothing here
     * @param problem what must hold and what was found
     */
    public DataException(String source, long row, long line, String problem) {
        super(
                line > 0
                        ? "%s row %d (line %d): %s".formatted(source, row, line, problem)
                        : "%s row %d: %s".formatted(source, row, problem));
        this.source = source;
        this.row = row;
    }

    /** A fault of the whole file. */
    public DataException(String source, String problem) {
        super(source + ": " + problem);
        this.source = source;
        this.row = 0;
    }

    /** The file's name. */
    public String source() {
        return source;
    }

    /** The row, counted from 1, or 0 when the fault is the whole file's. */
    public long row() {
        return row;
    }
}
