package org.jzoo.zoo.registry;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.util.Utils;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jzoo.blocks.file.AtomicFile;
import org.jzoo.zoo.weights.AtomicFolder;
import org.jzoo.zoo.weights.Checksums;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorType;

/**
 * A model folder that lies on the class path, below {@value #ROOT}, in whatever jar: this library's
 * own or a user's. Each jar lists its models in {@value #INDEX}.
 *
 * <p>Loading copies the folder once to DJL's cache, named by the hash of its manifest, and is as
 * strict as {@link ModelFolder#load}: the copy is checked against the manifest each time.
 *
 * @param name what the zoo calls it
 * @param description one line for lists
 * @param licence of the weights
 * @param parameters how many weights it has
 * @param bytes size of its weights as stored
 * @param sha256 of its weights as stored
 * @param files the files of its folder
 */
public record Shipped(
        String name,
        String description,
        String licence,
        long parameters,
        long bytes,
        String sha256,
        List<String> files) {

    /** Where models lie on the class path. */
    public static final String ROOT = "META-INF/jzoo/";

    /** The list of a jar's models. */
    public static final String INDEX = ROOT + "models.json";

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final int NAME_DIGITS = 16;

    /** The models on this library's class path by name; where two have one name, the first. */
    public static List<Shipped> all() {
        return all(Shipped.class.getClassLoader());
    }

    /** As {@link #all()}, of a class loader; jars whose list is damaged are passed over. */
    public static List<Shipped> all(ClassLoader loader) {
        TreeMap<String, Shipped> models = new TreeMap<>();
        try {
            for (URL url : Collections.list(loader.getResources(INDEX))) {
                read(url).forEach(model -> models.putIfAbsent(model.name, model));
            }
        } catch (IOException e) {
            return List.of();
        }
        return List.copyOf(models.values());
    }

    private static List<Shipped> read(URL index) {
        try (InputStream in = index.openStream()) {
            return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException | JsonParseException e) {
            return List.of();
        }
    }

    private static List<Shipped> read(String json) {
        List<Shipped> models = GSON.fromJson(json, new TypeToken<List<Shipped>>() {}.getType());
        return models == null ? List.of() : models;
    }

    /** The model of that name, in any case. */
    public static Optional<Shipped> of(String name) {
        return all().stream().filter(model -> model.name.equalsIgnoreCase(name)).findFirst();
    }

    /**
     * The model that has exactly the weights of a folder, whatever the folder is called.
     *
     * @throws IOException if the folder's weights cannot be read
     */
    public static Optional<Shipped> sameAs(Path folder) throws IOException {
        Path weights = folder.resolve(Safetensors.FILE_NAME);
        if (!Files.isRegularFile(weights)) {
            return Optional.empty();
        }
        String sha256 = Checksums.sha256(weights);
        return all().stream().filter(model -> model.sha256.equals(sha256)).findFirst();
    }

    /** What the model is, read from its configuration; none if that is missing or damaged. */
    Optional<ModelInfo> info() {
        try {
            ModelConfig.Summary config =
                    ModelConfig.summary(
                            new String(
                                    resource(Shipped.class.getClassLoader(), ModelFolder.CONFIG),
                                    StandardCharsets.UTF_8));
            return Optional.of(
                    new ModelInfo(
                            name,
                            List.of(),
                            config.architecture(),
                            config.task(),
                            description,
                            parameters,
                            bytes,
                            sha256,
                            licence,
                            null,
                            null,
                            true));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private byte[] resource(ClassLoader loader, String file) throws IOException {
        String path = ROOT + "models/" + name + "/" + file;
        try (InputStream in = loader.getResourceAsStream(path)) {
            if (in == null) {
                throw new FileNotFoundException(path + " must be on the class path, got none");
            }
            return in.readAllBytes();
        }
    }

    /**
     * The model's folder on this machine, copied from the class path if it is not there yet.
     *
     * @throws IOException if it cannot be read or the cache cannot be written
     * @throws MalformedModelException if the files on the class path are not those of the manifest
     */
    public Path folder() throws IOException, MalformedModelException {
        return folder(Shipped.class.getClassLoader(), Utils.getCacheDir().resolve("jzoo"));
    }

    /** As {@link #folder()}, from a class loader, below a folder. */
    public Path folder(ClassLoader loader, Path cache) throws IOException, MalformedModelException {
        byte[] manifest = resource(loader, Checksums.FILE_NAME);
        Path folder =
                cache.resolve("models")
                        .resolve(Checksums.sha256(manifest).substring(0, NAME_DIGITS))
                        .resolve(name);
        synchronized (Shipped.class) {
            if (ModelFolder.isPresent(folder)) {
                return folder;
            }
            AtomicFolder.write(
                    folder,
                    staging -> {
                        for (String file : files) {
                            Files.write(staging.resolve(file), resource(loader, file));
                        }
                    });
            // Written for what came; it must be what was published.
            Path written = folder.resolve(Checksums.FILE_NAME);
            if (!Arrays.equals(Files.readAllBytes(written), manifest)) {
                Files.write(written, manifest);
                Checksums.verify(folder);
                throw new MalformedModelException(
                        name + ": the manifest must name the files of the list, got others");
            }
            return folder;
        }
    }

    /**
     * Loads the model on a device.
     *
     * @throws IOException if it cannot be read or the cache cannot be written
     * @throws MalformedModelException if it is damaged
     */
    public LoadedModel load(Device device) throws IOException, MalformedModelException {
        return ModelFolder.load(folder(), device);
    }

    /**
     * Writes a loaded model in the form in which it ships: its folder below, and a line in the
     * list.
     *
     * @param into a folder that will be {@value #ROOT} of a jar, such as {@code
     *     src/main/resources/META-INF/jzoo}
     * @param name what the zoo shall call it: letters, digits, dots and dashes
     * @param model with plain weights
     * @param description one line for lists
     * @param licence of the weights
     * @param card the text of its card
     * @param floats how weights are stored
     * @return what was listed
     * @throws IllegalArgumentException if the name cannot be one
     * @throws IOException if it cannot be written
     */
    public static Shipped publish(
            Path into,
            String name,
            LoadedModel model,
            String description,
            String licence,
            String card,
            TensorType floats)
            throws IOException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9.-]*") || Pretrained.of(name).isPresent()) {
            throw new IllegalArgumentException(
                    "name must be of letters, digits, dots and dashes and no pretrained model's,"
                            + " got name="
                            + name);
        }
        Path folder = into.resolve("models").resolve(name);
        ModelFolder.save(folder, model, card, floats);
        List<String> files;
        try (Stream<Path> list = Files.list(folder)) {
            files =
                    list.map(file -> file.getFileName().toString())
                            .filter(file -> !file.equals(Checksums.FILE_NAME))
                            .sorted()
                            .toList();
        }
        Path weights = folder.resolve(Safetensors.FILE_NAME);
        Shipped shipped =
                new Shipped(
                        name,
                        description,
                        licence,
                        model.numParameters(),
                        Files.size(weights),
                        Checksums.sha256(weights),
                        files);
        TreeMap<String, Shipped> models = new TreeMap<>();
        Path index = into.resolve("models.json");
        try {
            read(Files.readString(index)).forEach(other -> models.put(other.name, other));
        } catch (NoSuchFileException e) {
            Files.createDirectories(into); // the first model
        }
        models.put(name, shipped);
        AtomicFile.write(index, GSON.toJson(new ArrayList<>(models.values())) + "\n");
        return shipped;
    }
}
