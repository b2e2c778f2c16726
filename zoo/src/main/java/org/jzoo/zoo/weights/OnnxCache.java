package org.jzoo.zoo.weights;

import ai.djl.MalformedModelException;
import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.zip.CRC32C;

/** Safetensors copies of compressed ONNX resources, in a folder of the user's machine. */
final class OnnxCache {

    private static final String CONFIG = "config";
    private static final String FINGERPRINT = "fingerprint";

    private final Path folder;

    OnnxCache(Path folder) {
        this.folder = folder;
    }

    OnnxInitializers open(String resource) throws IOException, MalformedModelException {
        String version = version(resource);
        if (version == null) {
            return OnnxInitializers.ofResource(resource);
        }
        String base = resource.substring(resource.lastIndexOf('/') + 1);
        Path file = folder.resolve("%s-%s.safetensors".formatted(base, version));
        try {
            return read(file);
        } catch (NoSuchFileException e) {
            return make(resource, file);
        } catch (IOException | MalformedModelException e) {
            // Damaged, or written by another version of this class: as good as absent.
            return make(resource, file);
        }
    }

    private static OnnxInitializers make(String resource, Path file)
            throws IOException, MalformedModelException {
        OnnxInitializers whole = OnnxInitializers.ofResource(resource);
        String config = new Gson().toJson(whole.config());
        Map<String, String> metadata =
                Map.of(CONFIG, config, FINGERPRINT, fingerprint(whole, config), "format", "pt");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            SafetensorsWriter.write(file, whole, metadata, TensorType.F32);
            return read(file);
        } catch (IOException | MalformedModelException e) {
            // No room or no right to write: the copy only saves time.
            return whole;
        }
    }

    private static OnnxInitializers read(Path file) throws IOException, MalformedModelException {
        Safetensors copy = Safetensors.open(file);
        String config = copy.metadata().getOrDefault(CONFIG, "");
        if (!fingerprint(copy, config).equals(copy.metadata().get(FINGERPRINT))) {
            throw new MalformedModelException(file + ": the copy must have its fingerprint");
        }
        try {
            return new OnnxInitializers(copy, new Gson().fromJson(config, OnnxBertConfig.class));
        } catch (JsonParseException e) {
            throw new MalformedModelException(file + ": " + e.getMessage(), e);
        }
    }

    /** Tells a resource from its other versions without inflating it; null if nothing does. */
    private static String version(String resource) throws IOException {
        URLConnection connection = OnnxInitializers.find(resource).openConnection();
        connection.setUseCaches(false);
        if (!(connection instanceof JarURLConnection jar)) {
            return null;
        }
        try (var opened = jar.getJarFile()) {
            JarEntry entry = opened.getJarEntry(jar.getEntryName());
            return entry == null ? null : "%08x-%x".formatted(entry.getCrc(), entry.getSize());
        }
    }

    private static String fingerprint(TensorSource source, String config) {
        CRC32C sum = new CRC32C();
        sum.update(config.getBytes(StandardCharsets.UTF_8));
        for (TensorEntry entry : source.entries().values()) {
            String head = entry.name() + entry.type() + entry.shape();
            sum.update(head.getBytes(StandardCharsets.UTF_8));
            for (ByteBuffer segment : source.segments(entry.name())) {
                sum.update(segment.duplicate());
            }
        }
        return "%08x".formatted(sum.getValue());
    }
}
