package org.jzoo.datasets.label;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.datasets.document.DocumentOpener;
import org.jzoo.datasets.document.NamedDocuments;
import org.jzoo.datasets.text.DataException;
import org.jzoo.datasets.text.TextLines;

/**
 * Labelled texts from JSON Lines, one a line: {@code {"text": "Ann met Bo.", "spans": [{"start": 0,
 * "end": 3, "label": "PER"}]}}. Instead of its {@code text} a line may name a file as {@code
 * document} ({@code .txt}, {@code .md} or {@code .pdf}, seen from the file's folder). Offsets count
 * characters of Java (UTF-16 units); white space at the ends of a stretch is left out of it.
 */
final class SpanLines {

    private static final String FORM = "{\"start\": 0, \"end\": 5, \"label\": \"PER\"}";

    private final TextLines lines;
    private final NamedDocuments documents;

    private SpanLines(TextLines lines, NamedDocuments documents) {
        this.lines = lines;
        this.documents = documents;
    }

    static List<LabelledText> read(Path file, DocumentOpener opener) throws IOException {
        List<LabelledText> texts = new ArrayList<>();
        try (TextLines lines = TextLines.of(file)) {
            SpanLines reader =
                    new SpanLines(
                            lines, new NamedDocuments(file.toAbsolutePath().getParent(), opener));
            for (String line = lines.nextFilled(); line != null; line = lines.nextFilled()) {
                texts.add(reader.text(lines.object(line)));
            }
        }
        return texts;
    }

    private LabelledText text(JsonObject object) {
        boolean named = object.has("document");
        if (named == object.has("text")) {
            throw lines.fault(
                    "a line must have the field text or the field document, got fields="
                            + object.keySet());
        }
        String value = string(object, named ? "document" : "text");
        if (named && NamedDocuments.name(value) == null) {
            throw lines.fault(
                    "document must name a .txt, .md or .pdf file, got %s; a text itself is the field text"
                            .formatted(TextLines.shorten(value)));
        }
        String name = named ? value.strip() : "row " + lines.row();
        try {
            String text = named ? documents.text(value) : value;
            if (text.isBlank()) {
                throw lines.fault("a text must not be blank, got none in " + name);
            }
            return new LabelledText(name, text, spans(object.get("spans"), text));
        } catch (DataException e) {
            throw e.row() > 0 ? e : lines.fault(e.getMessage());
        } catch (IllegalArgumentException e) {
            throw lines.fault(e.getMessage());
        }
    }

    private List<LabelledSpan> spans(JsonElement element, String text) {
        if (element == null || !element.isJsonArray()) {
            throw lines.fault(
                    "spans must be a list, empty for a text without any, such as [%s], got %s"
                            .formatted(FORM, element));
        }
        List<LabelledSpan> spans = new ArrayList<>();
        for (JsonElement each : element.getAsJsonArray()) {
            if (!each.isJsonObject()) {
                throw lines.fault("a span must be like %s, got %s".formatted(FORM, each));
            }
            spans.add(span(each.getAsJsonObject(), text));
        }
        return spans;
    }

    private LabelledSpan span(JsonObject object, String text) {
        int start = integer(object, "start");
        int end = integer(object, "end");
        String label = string(object, "label").strip();
        if (label.isEmpty() || label.equals("O") || label.matches("[BI]-.*")) {
            throw lines.fault(
                    "label must be a name other than O, without B- or I- before it, got %s"
                            .formatted(object));
        }
        if (start < 0 || end > text.length() || end <= start) {
            throw lines.fault(
                    "a span must lie in the text of %d characters, its start before its end, got %s; they count UTF-16 units from 0, the end is after the last one"
                            .formatted(text.length(), object));
        }
        int from = start;
        int to = end;
        while (from < to && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        if (from == to) {
            throw lines.fault("a span must hold more than white space, got " + object);
        }
        return new LabelledSpan(from, to, label);
    }

    private String string(JsonObject object, String field) {
        if (object.get(field) instanceof JsonPrimitive value && value.isString()) {
            return value.getAsString();
        }
        throw lines.fault("%s must be a text, got %s".formatted(field, shown(object)));
    }

    private int integer(JsonObject object, String field) {
        if (object.get(field) instanceof JsonPrimitive value
                && value.isNumber()
                && value.getAsString().matches("-?\\d{1,9}")) {
            return value.getAsInt();
        }
        throw lines.fault("%s must be a whole number, got %s".formatted(field, shown(object)));
    }

    private static String shown(JsonObject object) {
        return TextLines.shorten(object.toString());
    }
}
