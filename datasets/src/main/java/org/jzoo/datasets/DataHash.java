package org.jzoo.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** SHA-256 of data, in hexadecimal: what a model card says it was trained on. */
public final class DataHash {

    private DataHash() {}

    /**
     * The hash of a file's bytes, as {@code sha256sum} prints it; of a folder, the hash of the
     * lines {@code HASH RELATIVE/PATH} of all files under it in the order of their paths.
     */
    public static String sha256(Path fileOrFolder) {
        try {
            return Files.isDirectory(fileOrFolder) ? folder(fileOrFolder) : file(fileOrFolder);
        } catch (IOException e) {
            throw new UncheckedIOException("hashing " + fileOrFolder, e);
        }
    }

    /** The hash of several files: that of the lines {@code HASH NAME}, in the order given. */
    public static String sha256(List<Path> files) {
        StringBuilder lines = new StringBuilder();
        for (Path file : files) {
            lines.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
        }
        return sha256(lines.toString());
    }

    /** The hash of a text's UTF-8 bytes. */
    public static String sha256(String text) {
        return hex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The hash of the rest of a stream, which stays open. */
    public static String sha256(InputStream in) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = in.read(buffer)) >= 0; ) {
            digest.update(buffer, 0, read);
        }
        return hex(digest.digest());
    }

    private static String file(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return sha256(in);
        }
    }

    private static String folder(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = new ArrayList<>(walk.filter(Files::isRegularFile).toList());
        }
        TreeMap<String, Path> byName = new TreeMap<>();
        files.forEach(
                file -> byName.put(folder.relativize(file).toString().replace('\\', '/'), file));
        StringBuilder lines = new StringBuilder();
        for (var entry : byName.entrySet()) {
            lines.append(file(entry.getValue())).append("  ").append(entry.getKey()).append('\n');
        }
        return sha256(lines.toString());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 must be there on every Java platform", e);
        }
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
