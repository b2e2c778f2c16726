package org.jzoo.training.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jzoo.blocks.file.AtomicFile;

/**
 * Makes the tables of a README or model card from results files, so that no figure is typed by
 * hand.
 *
 * <p>A region begins with the line {@code <!-- jzoo:results NAME -->} and ends with {@code <!--
 * /jzoo:results -->}; what is between is replaced by the table of {@code NAME.json}. With {@code
 * <!-- jzoo:results NAME columns=model,accuracy -->} only these columns are shown, with {@code <!--
 * jzoo:results NAME rows=model:small|base;tuning:full -->} only rows that have one of these values
 * in each of these columns. Markers inside fenced code blocks are left alone.
 */
public final class ReadmeTables {

    private static final Pattern START =
            Pattern.compile(
                    "\\s*<!--\\s*jzoo:results\\s+([A-Za-z0-9._-]+)(?:\\s+rows=(.*?))?(?:\\s+columns=(.*?))?\\s*-->\\s*");
    private static final Pattern END = Pattern.compile("\\s*<!--\\s*/jzoo:results\\s*-->\\s*");
    private static final Pattern MARKER = Pattern.compile("\\s*<!--\\s*/?jzoo:results.*");
    private static final Pattern FENCE = Pattern.compile(" {0,3}(```|~~~).*");

    private ReadmeTables() {}

    /**
     * Regenerates the regions of {@code document} in one atomic move, if they changed.
     *
     * @param document the README or model card
     * @param results the folder with the results files
     * @return whether the document changed
     * @throws IOException if a file is missing or unreadable; the message names it
     * @throws IllegalArgumentException if a marker is malformed, not closed or names a column that
     *     is not there; the message has the line number. The document is then as before
     */
    public static boolean update(Path document, Path results) throws IOException {
        String before = Files.readString(document, StandardCharsets.UTF_8);
        String after = render(before, results);
        if (after.equals(before)) {
            return false;
        }
        AtomicFile.write(document, after);
        return true;
    }

    /** Whether {@code document} shows what the results files say: a check for a build server. */
    public static boolean isCurrent(Path document, Path results) throws IOException {
        String text = Files.readString(document, StandardCharsets.UTF_8);
        return render(text, results).equals(text);
    }

    private static String render(String text, Path results) throws IOException {
        String lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
        List<String> lines = Arrays.asList(text.split("\r?\n", -1));
        List<String> output = new ArrayList<>();
        String fence = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            output.add(line);
            Matcher fenced = FENCE.matcher(line);
            if (fenced.matches() && (fence.isEmpty() || fence.equals(fenced.group(1)))) {
                fence = fence.isEmpty() ? fenced.group(1) : "";
            }
            if (!fence.isEmpty() || !MARKER.matcher(line).matches()) {
                continue;
            }
            Matcher start = START.matcher(line);
            if (!start.matches()) {
                throw new IllegalArgumentException(
                        "line %d must be <!-- jzoo:results NAME --> or <!-- jzoo:results NAME rows=A:x|y;B:z columns=A,C -->, got line=%s"
                                .formatted(i + 1, line.strip()));
            }
            int end = end(lines, i);
            output.add("");
            output.addAll(table(start, results, i + 1).lines().toList());
            output.add("");
            output.add(lines.get(end));
            i = end;
        }
        return String.join(lineEnd, output);
    }

    /** The line of the end marker that belongs to the start marker in line {@code start}. */
    private static int end(List<String> lines, int start) {
        for (int i = start + 1; i < lines.size(); i++) {
            if (END.matcher(lines.get(i)).matches()) {
                return i;
            }
            if (MARKER.matcher(lines.get(i)).matches()) {
                break;
            }
        }
        throw new IllegalArgumentException(
                "region must end with <!-- /jzoo:results -->, got a start without end in line "
                        + (start + 1));
    }

    private static String table(Matcher start, Path results, int lineNumber) throws IOException {
        ResultsFile file = ResultsFile.read(results.resolve(start.group(1) + ".json"));
        try {
            if (start.group(2) != null) {
                file = rows(file, start.group(2));
            }
            return start.group(3) == null
                    ? file.toMarkdown()
                    : file.toMarkdown(columns(start.group(3)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + lineNumber + ": " + e.getMessage(), e);
        }
    }

    private static ResultsFile rows(ResultsFile file, String rules) {
        ResultsFile some = file;
        for (String rule : rules.split(";", -1)) {
            int colon = rule.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException(
                        "rows must be LABEL:VALUE|VALUE;LABEL:VALUE, got rows=" + rules);
            }
            List<String> values = parts(rule.substring(colon + 1), "\\|");
            some = some.where(rule.substring(0, colon).strip(), values);
        }
        return some;
    }

    /** Columns whose names have commas are parted by semicolons. */
    private static List<String> columns(String text) {
        return parts(text, text.contains(";") ? ";" : ",");
    }

    private static List<String> parts(String text, String separator) {
        return Arrays.stream(text.split(separator, -1)).map(String::strip).toList();
    }
}
