package org.jzoo.datasets.vision;

import com.google.gson.JsonArray;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jzoo.datasets.text.DataException;

/**
 * Emoji in one drawing style: 1,875 pictures of 64 × 64 pixels with names and keywords. Another
 * style's package has the same ids, so a model can be trained on one style and tested on the other.
 *
 * <p>Read from the unpacked npm packages {@code emoji-datasource-google} and {@code
 * emoji-datasource-twitter} 16.0.0; {@code datasets/scripts/fetch-pictures emoji} gets both.
 * Keywords are the short names, the sub-category and the category. Variants by skin colour are left
 * out, and so are emoji that another one has replaced with the same picture.
 */
public final class EmojiPictures {

    private EmojiPictures() {}

    /**
     * All emoji in the order of the package.
     *
     * @param packageFolder the folder with {@code emoji.json} and {@code img/STYLE/64}
     * @throws DataException if the folder is not such a package, or a picture is missing
     */
    public static List<NamedPicture> read(Path packageFolder) {
        Path index = packageFolder.resolve("emoji.json");
        if (!Files.isRegularFile(index)) {
            throw new DataException(packageFolder.toString(), "must hold emoji.json, got none");
        }
        Path images = images(packageFolder);
        List<NamedPicture> pictures = new ArrayList<>();
        try (Reader in = Files.newBufferedReader(index)) {
            JsonArray all = JsonParser.parseReader(in).getAsJsonArray();
            for (int i = 0; i < all.size(); i++) {
                JsonObject emoji = all.get(i).getAsJsonObject();
                if (!emoji.has("obsoleted_by")) {
                    pictures.add(picture(emoji, i + 1, index, images));
                }
            }
        } catch (JsonParseException | IllegalStateException e) {
            throw new DataException(
                    index.toString(), "must be a JSON array of emoji, got " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(pictures);
    }

    private static Path images(Path packageFolder) {
        try (Stream<Path> styles = Files.list(packageFolder.resolve("img"))) {
            List<Path> found =
                    styles.map(style -> style.resolve("64")).filter(Files::isDirectory).toList();
            if (found.size() == 1) {
                return found.get(0);
            }
            throw new DataException(
                    packageFolder.toString(),
                    "must hold one folder img/STYLE/64, got " + found.size());
        } catch (IOException e) {
            throw new DataException(
                    packageFolder.toString(), "must hold a folder img, got " + e.getMessage());
        }
    }

    private static NamedPicture picture(JsonObject emoji, int row, Path index, Path images) {
        Path file = images.resolve(text(emoji, "image", row, index));
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    index.toString(), row, 0, "its picture must exist, got no file " + file);
        }
        Set<String> keywords = new LinkedHashSet<>();
        for (JsonElement name : emoji.getAsJsonArray("short_names")) {
            keywords.add(words(name.getAsString()));
        }
        keywords.add(words(text(emoji, "subcategory", row, index)));
        keywords.add(words(text(emoji, "category", row, index)));
        String name = text(emoji, "name", row, index).toLowerCase(Locale.ROOT);
        keywords.remove(name);
        return new NamedPicture(
                text(emoji, "unified", row, index), name, List.copyOf(keywords), file);
    }

    private static String text(JsonObject emoji, String key, int row, Path index) {
        JsonElement value = emoji.get(key);
        if (value == null || !value.isJsonPrimitive()) {
            throw new DataException(
                    index.toString(), row, 0, "an emoji must have a text %s".formatted(key));
        }
        return value.getAsString();
    }

    /** {@code ladybug}, {@code lady beetle}, {@code animal bug}, {@code animals & nature}. */
    private static String words(String name) {
        return name.replace('_', ' ').replace('-', ' ').toLowerCase(Locale.ROOT).strip();
    }
}
