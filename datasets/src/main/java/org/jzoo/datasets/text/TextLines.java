package org.jzoo.datasets.text;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The lines of a UTF-8 file one after the other, each a row, counted from 1. */
public final class TextLines implements Closeable {

    private static final int SHOWN = 60;

    private final String name;
    private final Utf8Reader decoder;
    private final BufferedReader reader;
    private long row;

    private TextLines(String name, StreamOpener opener) throws IOException {
        this.name = name;
        decoder = new Utf8Reader(opener.open());
        reader = new BufferedReader(decoder);
    }

    /** Opens a file; {@code .gz} files are unpacked on the way. */
    public static TextLines of(Path file) throws IOException {
        return of(file.toString(), StreamOpener.of(file));
    }

    /** Opens what {@code opener} opens; errors call it {@code name}. */
    static TextLines of(String name, StreamOpener opener) throws IOException {
        return new TextLines(name, opener);
    }

    /** The row of the last line that was read; 0 before the first. */
    public long row() {
        return row;
    }

    /**
     * The next line without its end, or null after the last.
     *
     * @throws DataException if it is no text
     */
    public String next() throws IOException {
        decoder.startRecord();
        row++;
        try {
            return reader.readLine();
        } catch (Utf8Reader.TextFault e) {
            throw fault(e.getMessage());
        }
    }

    /** The next line that is not blank, or null if there is none. */
    public String nextFilled() throws IOException {
        String line;
        do {
            line = next();
        } while (line != null && line.isBlank());
        return line;
    }

    /**
     * Reads a line of this file as a JSON object.
     *
     * @throws DataException if it is none
     */
    public JsonObject object(String line) {
        try {
            JsonElement element = JsonParser.parseString(line);
            if (element.isJsonObject()) {
                return element.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            // The message below covers it.
        }
        throw fault("a line must be one JSON object, got " + shorten(line));
    }

    /** A text, cut to be shown in a message. */
    public static String shorten(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /** What is wrong with the last line, for the caller to throw. */
    public DataException fault(String problem) {
        return faultAt(row, problem);
    }

    /** What is wrong with a line that was read before. */
    public DataException faultAt(long at, String problem) {
        return new DataException(name, at, 0, problem);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
