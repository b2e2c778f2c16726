package org.jzoo.zoo.weights;

import ai.djl.MalformedModelException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jzoo.blocks.file.AtomicFile;

/**
 * The manifest of a model folder: size and SHA-256 of each file, in {@value #FILE_NAME}. It is
 * written last, so a folder that has it is complete, and compared on loading, so a changed byte is
 * found before it is used.
 *
 * <p>Files whose name begins with a dot are left out. Files that were added later are no fault: a
 * server puts its own configuration beside a model.
 */
public final class Checksums {

    /** The manifest's name in its folder. */
    public static final String FILE_NAME = "checksums.json";

    private static final int BLOCK = 1 << 16;

    private record Digest(long size, String sha256) {}

    private Checksums() {}

    /**
     * Writes the manifest of all files that are in {@code folder} and its subfolders.
     *
     * @throws IOException if a file cannot be read or the manifest cannot be written; an old one is
     *     then untouched
     */
    public static void write(Path folder) throws IOException {
        NavigableMap<String, Digest> digests = new TreeMap<>();
        for (String name : names(folder)) {
            digests.put(name, digest(folder.resolve(name)));
        }
        AtomicFile.write(folder.resolve(FILE_NAME), json(digests));
    }

    /** Whether {@code folder} has a manifest. */
    public static boolean isPresent(Path folder) {
        return Files.exists(folder.resolve(FILE_NAME));
    }

    /**
     * Compares every file of the manifest with what it was when the manifest was written.
     *
     * @throws NoSuchFileException if there is no manifest
     * @throws MalformedModelException if a file is missing or differs, or the manifest itself is
     *     damaged; all faulty files are named, with both sizes or both checksums
     * @throws IOException if a file cannot be read
     */
    public static void verify(Path folder) throws IOException, MalformedModelException {
        NavigableMap<String, Digest> digests = parse(folder.resolve(FILE_NAME));
        List<String> faults = new ArrayList<>();
        for (String name : digests.keySet()) {
            Digest expected = digests.get(name);
            Path file = folder.resolve(name);
            if (!Files.isRegularFile(file)) {
                faults.add(name + " must be there, got none");
            } else if (Files.size(file) != expected.size) {
                faults.add(
                        "%s must have %d bytes, got %d"
                                .formatted(name, expected.size, Files.size(file)));
            } else {
                String actual = digest(file).sha256;
                if (!actual.equals(expected.sha256)) {
                    faults.add(
                            "%s must have SHA-256 %s, got %s"
                                    .formatted(name, expected.sha256, actual));
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new MalformedModelException(
                    folder
                            + ": the files must be those that were saved, got\n  "
                            + String.join("\n  ", faults));
        }
    }

    /**
     * The SHA-256 of a file, as 64 lower-case hexadecimal digits.
     *
     * @throws IOException if the file cannot be read
     */
    public static String sha256(Path file) throws IOException {
        return digest(file).sha256;
    }

    /** The SHA-256 of bytes, as 64 lower-case hexadecimal digits. */
    public static String sha256(byte... bytes) {
        return HexFormat.of().formatHex(sha().digest(bytes));
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.equals(FILE_NAME) && !("/" + name).contains("/."))
                    .toList();
        }
    }

    private static Digest digest(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MessageDigest sha = sha();
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            long size = 0;
            while (channel.read(block) >= 0) {
                block.flip();
                size += block.remaining();
                sha.update(block);
                block.clear();
            }
            return new Digest(size, HexFormat.of().formatHex(sha.digest()));
        }
    }

    private static String json(NavigableMap<String, Digest> digests) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setIndent("  ");
            json.beginObject();
            for (String name : digests.keySet()) {
                json.name(name).beginObject();
                json.name("size").value(digests.get(name).size);
                json.name("sha256").value(digests.get(name).sha256);
                json.endObject();
            }
            json.endObject();
        }
        return text + "\n";
    }

    // Whatever is not exactly what would have been written is damage, down to a blank.
    private static NavigableMap<String, Digest> parse(Path file)
            throws IOException, MalformedModelException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)) + "";
            NavigableMap<String, Digest> digests = parse(text);
            if (text.equals(json(digests))
                    && digests.keySet().stream().allMatch(Checksums::isLocal)) {
                return digests;
            }
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw damaged(file, e);
        }
        throw damaged(file, null);
    }

    private static NavigableMap<String, Digest> parse(String text) throws IOException {
        NavigableMap<String, Digest> digests = new TreeMap<>();
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                long size = -1;
                String sha256 = "";
                json.beginObject();
                while (json.hasNext()) {
                    if (json.nextName().equals("size")) {
                        size = json.nextLong();
                    } else {
                        sha256 = json.nextString();
                    }
                }
                json.endObject();
                digests.put(name, new Digest(size, sha256));
            }
            json.endObject();
        }
        return digests;
    }

    private static boolean isLocal(String name) {
        return !("/" + name).contains("/.") && !name.startsWith("/") && !name.contains("\\");
    }

    private static MalformedModelException damaged(Path file, Exception cause) {
        return new MalformedModelException(
                file + ": the manifest must be as it was written, got a damaged one", cause);
    }
}
