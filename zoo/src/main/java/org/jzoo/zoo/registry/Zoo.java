package org.jzoo.zoo.registry;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jzoo.zoo.huggingface.HuggingFaceFolder;
import org.jzoo.zoo.weights.NearestName;

/**
 * The models at hand: pretrained ones and shipped ones of the class path, and those saved to this
 * machine's zoo. Nothing here uses the network.
 *
 * <pre>{@code
 * try (LoadedModel model = Zoo.load("minilm-l6")) {
 *     float[] vector = model.embed("hello");
 * }
 * }</pre>
 */
public final class Zoo {

    private Zoo() {}

    /** All models: the pretrained ones, those that ship, then the saved ones by name. */
    public static List<ModelInfo> list() {
        List<ModelInfo> all = new ArrayList<>();
        Pretrained.ALL.forEach(model -> all.add(ModelInfo.of(model)));
        Shipped.all().forEach(model -> model.info().ifPresent(all::add));
        List<ModelInfo> first = List.copyOf(all);
        LocalModels.all().stream()
                .filter(info -> first.stream().noneMatch(other -> other.isCalled(info.name())))
                .forEach(all::add);
        return List.copyOf(all);
    }

    /**
     * The models whose name or alias matches a pattern, in any case.
     *
     * @param pattern {@code *} stands for any characters, {@code ?} for one
     */
    public static List<ModelInfo> list(String pattern) {
        Pattern wanted = glob(pattern);
        return list().stream()
                .filter(
                        info ->
                                Stream.concat(Stream.of(info.name()), info.aliases().stream())
                                        .anyMatch(name -> wanted.matcher(name).matches()))
                .toList();
    }

    private static Pattern glob(String pattern) {
        StringBuilder regex = new StringBuilder();
        pattern.chars()
                .forEach(
                        c -> {
                            switch (c) {
                                case '*' -> regex.append(".*");
                                case '?' -> regex.append('.');
                                default -> regex.append(Pattern.quote(Character.toString(c)));
                            }
                        });
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
    }

    /**
     * What is known of a model.
     *
     * @param name a name or alias, in any case
     * @throws IllegalArgumentException if there is none; the message suggests the nearest
     */
    public static ModelInfo info(String name) {
        return find(name)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "name must be a model of the zoo or a model's folder, got"
                                                + " name="
                                                + name
                                                + hint(name)));
    }

    private static Optional<ModelInfo> find(String name) {
        // Those that come first need no files to be read, as the others do.
        Optional<ModelInfo> pretrained = Pretrained.of(name).map(ModelInfo::of);
        return pretrained.isPresent()
                ? pretrained
                : list().stream().filter(info -> info.isCalled(name)).findFirst();
    }

    private static String hint(String name) {
        List<String> names = new ArrayList<>();
        for (ModelInfo info : list()) {
            names.add(info.name());
            names.addAll(info.aliases());
        }
        if (name == null || name.isBlank()) {
            return "; there are " + names;
        }
        String part = name.toLowerCase(Locale.ROOT);
        List<String> containing =
                names.stream().filter(n -> n.toLowerCase(Locale.ROOT).contains(part)).toList();
        String nearest = NearestName.hint(part, names);
        if (nearest.isEmpty() && !containing.isEmpty()) {
            return "; did you mean " + String.join(" or ", containing) + "?";
        }
        return nearest.isEmpty() ? "; there are " + names : nearest;
    }

    /**
     * Loads a model on the engine's default device.
     *
     * @param name a name or alias, in any case, or the path of a folder: one of ours, or one in
     *     Hugging Face's layout
     * @throws IllegalArgumentException if there is no such model; the message suggests the nearest
     * @throws java.io.FileNotFoundException if the weights are not on the class path; the message
     *     names the Maven artifact that brings them
     * @throws IOException if a file cannot be read
     * @throws MalformedModelException if a file is damaged; the message names it
     */
    public static LoadedModel load(String name) throws IOException, MalformedModelException {
        return load(name, null);
    }

    /** As {@link #load(String)}, on a device; null for the engine's default. */
    public static LoadedModel load(String name, Device device)
            throws IOException, MalformedModelException {
        Optional<ModelInfo> found = find(name);
        if (found.isEmpty()) {
            Path folder = asFolder(name);
            return folder == null ? load(info(name), device) : load(folder, device);
        }
        return load(found.get(), device);
    }

    /** Loads a listed model on a device, or on the engine's default for null. */
    public static LoadedModel load(ModelInfo info, Device device)
            throws IOException, MalformedModelException {
        if (info.folder() != null) {
            return ModelFolder.load(info.folder(), device);
        }
        Optional<Pretrained> model = Pretrained.of(info.name());
        return model.isPresent()
                ? model.get().load(model.get().task(), device)
                : Shipped.of(info.name()).orElseThrow().load(device);
    }

    /**
     * Loads a folder: one of ours, strictly, or one in Hugging Face's layout; on the engine's
     * default device for null.
     *
     * @throws NoSuchFileException if a file is missing
     * @throws MalformedModelException if a file is damaged
     * @throws IllegalArgumentException if a published configuration is not supported
     */
    public static LoadedModel load(Path folder, Device device)
            throws IOException, MalformedModelException {
        return isPublished(folder)
                ? HuggingFaceFolder.load(folder, device)
                : ModelFolder.load(folder, device);
    }

    // Ours have a manifest; whatever lacks it was either published by others or is damaged.
    private static boolean isPublished(Path folder) throws IOException {
        Path config = folder.resolve(ModelFolder.CONFIG);
        return !ModelFolder.isPresent(folder)
                && Files.isRegularFile(config)
                && Files.readString(config).contains("\"model_type\"");
    }

    private static Path asFolder(String name) {
        try {
            return name != null && !name.isBlank() && Files.isDirectory(Path.of(name))
                    ? Path.of(name)
                    : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
