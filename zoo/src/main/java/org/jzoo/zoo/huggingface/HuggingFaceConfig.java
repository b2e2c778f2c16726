package org.jzoo.zoo.huggingface;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jzoo.blocks.feedforward.Activation;

/**
 * A published {@code config.json}, read key by key, so that a key which changes the model and which
 * nobody read is an error and never ignored.
 */
public final class HuggingFaceConfig {

    private static final Set<String> HARMLESS =
            Set.of(
                    "model_type",
                    "architectures",
                    "transformers_version",
                    "torch_dtype",
                    "dtype",
                    "initializer_range",
                    "use_cache",
                    "gradient_checkpointing",
                    "id2label",
                    "label2id",
                    "problem_type",
                    "finetuning_task",
                    "num_labels",
                    "bos_token_id",
                    "eos_token_id",
                    "sep_token_id",
                    "cls_token_id",
                    "output_past",
                    "return_dict",
                    "output_attentions",
                    "output_hidden_states",
                    "peft");

    private final String origin;
    private final JsonObject json;
    private final Path folder;
    private final Set<String> read = new TreeSet<>();

    /** Reads from a tree; {@code origin} is what messages call it. */
    public HuggingFaceConfig(String origin, JsonObject json) {
        this(origin, json, null);
    }

    private HuggingFaceConfig(String origin, JsonObject json, Path folder) {
        this.origin = origin;
        this.json = json;
        this.folder = folder;
    }

    /**
     * Reads {@code config.json} of a folder.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it is no JSON object
     */
    public static HuggingFaceConfig of(Path folder) throws IOException {
        return of(folder, "config.json");
    }

    private static HuggingFaceConfig of(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        try {
            JsonElement tree = JsonParser.parseString(Files.readString(file));
            return new HuggingFaceConfig(file.toString(), tree.getAsJsonObject(), folder);
        } catch (com.google.gson.JsonParseException | IllegalStateException e) {
            throw new IllegalArgumentException(
                    file + " must be a JSON object: " + e.getMessage(), e);
        }
    }

    /**
     * Another file of the same folder, such as {@code preprocessor_config.json}.
     *
     * @return null if there is no such file or no folder
     * @throws UncheckedIOException if it cannot be read
     * @throws IllegalArgumentException if it is no JSON object
     */
    public HuggingFaceConfig beside(String name) {
        if (folder == null || !Files.isRegularFile(folder.resolve(name))) {
            return null;
        }
        try {
            return of(folder, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The object under a key, read like a configuration of its own: end it with {@link
     * #rejectUnread()} too.
     *
     * @return null if the key is missing, null, or holds something else than an object
     */
    public HuggingFaceConfig object(String key) {
        if (!has(key) || !json.get(key).isJsonObject()) {
            return null;
        }
        read.add(key);
        String name = "%s: \"%s\"".formatted(origin, key);
        return new HuggingFaceConfig(name, json.getAsJsonObject(key), folder);
    }

    /**
     * The numbers of a list, or {@code fallback} if the key is missing or null.
     *
     * @throws IllegalArgumentException if it is no list of numbers
     */
    public List<Double> numbers(String key, List<Double> fallback) {
        read.add(key);
        if (!has(key)) {
            return fallback;
        }
        try {
            List<Double> numbers = new ArrayList<>();
            json.getAsJsonArray(key).forEach(e -> numbers.add(e.getAsDouble()));
            return numbers;
        } catch (ClassCastException | NumberFormatException | IllegalStateException e) {
            throw new IllegalArgumentException(
                    "%s: \"%s\" must be a list of numbers, got %s"
                            .formatted(origin, key, json.get(key)),
                    e);
        }
    }

    /** The values of a list, or the one value that stands in its place; empty if there is none. */
    public List<String> values(String key) {
        read.add(key);
        List<String> values = new ArrayList<>();
        if (has(key) && json.get(key).isJsonArray()) {
            json.getAsJsonArray(key).forEach(e -> values.add(e.getAsString()));
        } else if (has(key)) {
            values.add(primitive(key).getAsString());
        }
        return values;
    }

    /** The value of "model_type", by which the architecture is found. */
    public String modelType() {
        return string("model_type", null);
    }

    /** The classes that the folder was saved from ("BertForMaskedLM"); may be empty. */
    public List<String> architectures() {
        List<String> names = new ArrayList<>();
        if (json.has("architectures") && json.get("architectures").isJsonArray()) {
            json.getAsJsonArray("architectures").forEach(e -> names.add(e.getAsString()));
        }
        return names;
    }

    /** The names of the labels in order; empty if the folder names none. */
    public List<String> labels() {
        Map<Integer, String> byId = new TreeMap<>();
        if (json.has("id2label")) {
            json.getAsJsonObject("id2label")
                    .entrySet()
                    .forEach(
                            e -> byId.put(Integer.valueOf(e.getKey()), e.getValue().getAsString()));
        }
        return List.copyOf(byId.values());
    }

    /** Whether the key is there and not null. */
    public boolean has(String key) {
        return json.has(key) && !json.get(key).isJsonNull();
    }

    /**
     * An integer that must be there.
     *
     * @throws IllegalArgumentException if it is missing or no number
     */
    public int integer(String key) {
        return (int) number(key);
    }

    /** An integer, or {@code fallback} if the key is missing or null. */
    public int integer(String key, int fallback) {
        return (int) number(key, fallback);
    }

    /**
     * One integer for each of {@code count} layers: a list, or one integer for all.
     *
     * @throws IllegalArgumentException if the key is missing or the list has another length
     */
    public List<Integer> integers(String key, int count) {
        if (!has(key) || !json.get(key).isJsonArray()) {
            return Collections.nCopies(count, integer(key));
        }
        read.add(key);
        List<Integer> values = new ArrayList<>();
        json.getAsJsonArray(key).forEach(e -> values.add(e.getAsInt()));
        if (values.size() != count) {
            throw new IllegalArgumentException(
                    "%s: \"%s\" must have %d values, got %s".formatted(origin, key, count, values));
        }
        return values;
    }

    /**
     * A number that must be there.
     *
     * @throws IllegalArgumentException if it is missing or no number
     */
    public double number(String key) {
        if (!has(key)) {
            throw new IllegalArgumentException(
                    "%s must have \"%s\", got the keys %s".formatted(origin, key, json.keySet()));
        }
        return number(key, 0);
    }

    /** A number, or {@code fallback} if the key is missing or null. */
    public double number(String key, double fallback) {
        JsonPrimitive value = primitive(key);
        if (value == null) {
            return fallback;
        }
        if (!value.isNumber()) {
            throw new IllegalArgumentException(
                    "%s: \"%s\" must be a number, got %s".formatted(origin, key, value));
        }
        return value.getAsDouble();
    }

    /** A flag, or {@code fallback} if the key is missing or null. */
    public boolean flag(String key, boolean fallback) {
        JsonPrimitive value = primitive(key);
        return value == null ? fallback : value.getAsBoolean();
    }

    /** A text, or {@code fallback} if the key is missing or null. */
    public String string(String key, String fallback) {
        JsonPrimitive value = primitive(key);
        return value == null ? fallback : value.getAsString();
    }

    /** The activation that the key names, or {@code fallback} if the key is missing. */
    public Activation activation(String key, Activation fallback) {
        String name = string(key, null);
        return name == null ? fallback : activation(origin + ": \"" + key + "\"", name);
    }

    /**
     * The activation of a published name.
     *
     * @param what named it, for the message
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Activation activation(String what, String name) {
        return switch (name) {
            case "gelu", "gelu_python" -> Activation.GELU;
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.GELU_TANH;
            case "quick_gelu" -> Activation.QUICK_GELU;
            case "relu" -> Activation.RELU;
            case "silu", "swish" -> Activation.SILU;
            case "tanh" -> Activation.TANH;
            default ->
                    throw new IllegalArgumentException(
                            "%s must be gelu, gelu_new, quick_gelu, relu, silu or tanh, got %s"
                                    .formatted(what, name));
        };
    }

    /**
     * Checks an option of which one value is supported.
     *
     * @throws IllegalArgumentException if the key is there with another value
     */
    public void expect(String key, Object supported) {
        JsonPrimitive value = primitive(key);
        if (value != null && !value.getAsString().equals(String.valueOf(supported))) {
            throw new IllegalArgumentException(
                    "%s: \"%s\" must be %s, the only value supported, got %s"
                            .formatted(origin, key, supported, value));
        }
    }

    /**
     * Checks an object that older files repeat under another key.
     *
     * @throws IllegalArgumentException if the copy says something that the original does not
     */
    public void expectCopy(String copy, String original) {
        HuggingFaceConfig repeated = object(copy);
        if (repeated == null) {
            return;
        }
        for (Map.Entry<String, JsonElement> e : repeated.json.entrySet()) {
            JsonElement same = json.getAsJsonObject(original).get(e.getKey());
            if (!e.getValue().isJsonNull() && !e.getValue().equals(same)) {
                throw new IllegalArgumentException(
                        "%s: \"%s\" must repeat \"%s\", got %s=%s and %s"
                                .formatted(origin, copy, original, e.getKey(), e.getValue(), same));
            }
        }
    }

    /** Marks keys that do not change what the model computes. */
    public void ignore(String... keys) {
        read.addAll(List.of(keys));
    }

    /**
     * Ends the reading.
     *
     * @throws IllegalArgumentException if a key was not read; null values and keys that begin with
     *     an underscore count for nothing
     */
    public void rejectUnread() {
        List<String> unread = new ArrayList<>();
        for (Map.Entry<String, JsonElement> e : json.entrySet()) {
            boolean harmless =
                    e.getKey().startsWith("_")
                            || e.getValue().isJsonNull()
                            || HARMLESS.contains(e.getKey())
                            || read.contains(e.getKey());
            if (!harmless) {
                unread.add(e.getKey() + "=" + e.getValue());
            }
        }
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s has options that are not supported: %s"
                            .formatted(origin, String.join(", ", unread)));
        }
    }

    private JsonPrimitive primitive(String key) {
        read.add(key);
        if (!has(key)) {
            return null;
        }
        JsonElement value = json.get(key);
        if (!value.isJsonPrimitive()) {
            throw new IllegalArgumentException(
                    "%s: \"%s\" must be a plain value, got %s".formatted(origin, key, value));
        }
        return value.getAsJsonPrimitive();
    }
}
