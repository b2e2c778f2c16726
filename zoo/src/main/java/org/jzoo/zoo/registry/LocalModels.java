package org.jzoo.zoo.registry;

import ai.djl.MalformedModelException;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jzoo.zoo.weights.Checksums;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorEntry;

/**
 * The models that were saved to this machine's zoo: the folders in {@code models} of the folder
 * that the system property {@value #PROPERTY} or the environment variable {@value #VARIABLE} names,
 * or else of {@code .jzoo} in the user's home.
 */
public final class LocalModels {

    /** The system property that says where the zoo is. */
    public static final String PROPERTY = "jzoo.home";

    /** The environment variable that says where the zoo is. */
    public static final String VARIABLE = "JZOO_HOME";

    private LocalModels() {}

    /** The zoo's folder on this machine; it need not exist. */
    public static Path home() {
        String named = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        return named == null || named.isBlank()
                ? Path.of(System.getProperty("user.home"), ".jzoo")
                : Path.of(named);
    }

    /** Where a model of that name is saved; it need not exist. */
    public static Path folder(String name) {
        return home().resolve("models").resolve(name);
    }

    /** The saved models by name; folders that are none, or are damaged, are passed over. */
    public static List<ModelInfo> all() {
        Path models = home().resolve("models");
        List<ModelInfo> infos = new ArrayList<>();
        if (Files.isDirectory(models)) {
            try (Stream<Path> folders = Files.list(models)) {
                folders.sorted()
                        .map(LocalModels::find)
                        .forEach(found -> found.ifPresent(infos::add));
            } catch (IOException e) {
                return List.of();
            }
        }
        return infos;
    }

    private static Optional<ModelInfo> find(Path folder) {
        try {
            return ModelFolder.isPresent(folder) ? Optional.of(of(folder)) : Optional.empty();
        } catch (IOException | MalformedModelException e) {
            return Optional.empty();
        }
    }

    /**
     * What a saved folder holds, by its configuration, manifest and the header of its weights.
     *
     * @throws IOException if they cannot be read
     * @throws MalformedModelException if they are damaged
     */
    public static ModelInfo of(Path folder) throws IOException, MalformedModelException {
        ModelConfig config = ModelFolder.config(folder);
        Safetensors weights = Safetensors.open(folder);
        return new ModelInfo(
                folder.toAbsolutePath().normalize().getFileName().toString(),
                List.of(),
                config.architecture(),
                config.task(),
                "saved model",
                weights.entries().values().stream().mapToLong(TensorEntry::size).sum(),
                Files.size(folder.resolve(Safetensors.FILE_NAME)),
                sha256(folder),
                licence(folder),
                null,
                folder,
                true);
    }

    private static String sha256(Path folder) throws IOException, MalformedModelException {
        Path manifest = folder.resolve(Checksums.FILE_NAME);
        try {
            return JsonParser.parseString(Files.readString(manifest))
                    .getAsJsonObject()
                    .getAsJsonObject(Safetensors.FILE_NAME)
                    .get("sha256")
                    .getAsString();
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            throw new MalformedModelException(manifest + ": must name the weights", e);
        }
    }

    // The card's head is a few lines of "key: value" between two lines of dashes.
    private static String licence(Path folder) throws IOException {
        Path card = folder.resolve(ModelFolder.CARD);
        if (!Files.isRegularFile(card)) {
            return ModelInfo.UNKNOWN_LICENCE;
        }
        try (Stream<String> lines = Files.lines(card)) {
            return lines.limit(20)
                    .filter(line -> line.startsWith("license:"))
                    .map(line -> line.substring("license:".length()).strip())
                    .findFirst()
                    .orElse(ModelInfo.UNKNOWN_LICENCE);
        }
    }
}
