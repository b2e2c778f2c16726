package org.jzoo.examples.cli;

import com.google.errorprone.annotations.FormatMethod;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.PrintStream;

/**
 * Where a command writes: results to the output, progress and remarks to the error stream, so that
 * a pipe gets results alone.
 *
 * @param out results
 * @param err progress and remarks
 */
public record Terminal(PrintStream out, PrintStream err) {

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().serializeSpecialFloatingPointValues().create();

    private static final Gson LINES =
            new GsonBuilder().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

    /** Prints a line of a result. */
    @FormatMethod
    public void print(String format, Object... arguments) {
        out.println(arguments.length == 0 ? format : format.formatted(arguments));
    }

    /** Prints a remark. */
    @FormatMethod
    public void remark(String format, Object... arguments) {
        err.println(arguments.length == 0 ? format : format.formatted(arguments));
    }

    /** Prints a result for a program to read. */
    public void json(Object value) {
        out.println(toJson(value));
    }

    /** The same as text; figures that are undefined are NaN. */
    static String toJson(Object value) {
        return GSON.toJson(value);
    }

    /** Prints a result for a program to read, on one line. */
    public void jsonLine(Object value) {
        out.println(LINES.toJson(value));
    }
}
