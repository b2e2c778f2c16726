package org.jzoo.zoo.serving;

import ai.djl.repository.LocalRepository;
import ai.djl.repository.Repository;
import ai.djl.repository.RepositoryFactory;
import ai.djl.repository.SimpleRepository;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.jzoo.zoo.registry.ModelFolder;

/**
 * Recognises saved model folders among the paths that DJL is given, so that {@code
 * Criteria.optModelPath} needs nothing but the path. Every other path is read as DJL reads it: as a
 * repository if there is a {@code metadata.json} somewhere below, or else as a plain model.
 */
public final class FolderRepositories implements RepositoryFactory {

    /** Called by the service loader. */
    public FolderRepositories() {}

    @Override
    public Set<String> getSupportedScheme() {
        return Set.of("file");
    }

    @Override
    public Repository newInstance(String name, URI uri) {
        Path path = path(uri);
        if (ModelFolder.isPresent(path)) {
            return new FolderRepository(name, uri, path);
        }
        return isRepository(path)
                ? new LocalRepository(name, path.toUri(), path) {}
                : new SimpleRepository(name, uri, path) {};
    }

    // Path.of(uri) refuses the query in which DJL passes arguments.
    private static Path path(URI uri) {
        String path = uri.getPath() == null ? uri.getSchemeSpecificPart() : uri.getPath();
        boolean drive = path.matches("/[A-Za-z]:.*");
        return Path.of(drive ? path.substring(1) : path);
    }

    private static boolean isRepository(Path root) {
        if (!Files.isDirectory(root)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.anyMatch(file -> !root.equals(file.getParent()) && isMetadata(file));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private static boolean isMetadata(Path file) {
        if (!file.endsWith("metadata.json") || !Files.isRegularFile(file)) {
            return false;
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            JsonElement tree = JsonParser.parseReader(reader);
            return tree.isJsonObject()
                    && tree.getAsJsonObject().has("metadataVersion")
                    && tree.getAsJsonObject().has("artifacts");
        } catch (IOException | JsonParseException e) {
            return false;
        }
    }
}
