package org.jzoo.examples.adapter;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.part.PartJson;
import org.jzoo.training.tuning.Adapters;
import org.jzoo.training.tuning.LoraTuning;
import org.jzoo.training.tuning.PeftAdapter;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.ModelSource;
import org.jzoo.zoo.weights.AtomicFolder;
import org.jzoo.zoo.weights.Checksums;
import org.jzoo.zoo.weights.NameTable;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.SafetensorsWriter;
import org.jzoo.zoo.weights.TensorSource;
import org.jzoo.zoo.weights.TensorType;

/**
 * An adapter's folder: {@value #CONFIG}, {@value #WEIGHTS} and a card, a small share of the model's
 * size. It is written in our names and read in ours or in those of the Python library peft.
 *
 * <p>It stands here because it needs both rooms that know nothing of each other: tuning, and the
 * zoo's models.
 *
 * <pre>{@code
 * LoraTuning tuning = Tuning.lora(8);
 * tuning.apply((Part) model.block());
 * // ... training ...
 * AdapterFolder.save(folder, model, "minilm-l6", tuning, card);
 * LoadedModel again = AdapterFolder.open(folder, Device.cpu());
 * }</pre>
 */
public final class AdapterFolder {

    /** The configuration's file. */
    public static final String CONFIG = "adapter_config.json";

    /** The weights' file. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private AdapterFolder() {}

    /** Whether a folder looks like one that was saved here. */
    public static boolean isPresent(Path folder) {
        return Checksums.isPresent(folder) && Files.isRegularFile(folder.resolve(CONFIG));
    }

    /**
     * Saves what was trained, whole or not at all.
     *
     * @param folder where to; what was there before is replaced
     * @param model with adapters
     * @param base the name or folder by which the model is found again
     * @param tuning that was applied to it
     * @param card the text of the model card
     */
    public static void save(
            Path folder, LoadedModel model, String base, LoraTuning tuning, String card)
            throws IOException {
        TensorSource weights =
                TensorSource.ofParameters(model.name(), Adapters.state((Part) model.block()));
        AdapterConfig config =
                new AdapterConfig(AdapterConfig.FORMAT, base, model.config().task(), tuning);
        AtomicFolder.write(
                folder,
                staging -> {
                    Files.writeString(staging.resolve(CONFIG), PartJson.toJson(config) + "\n");
                    Files.writeString(staging.resolve(ModelFolder.CARD), card);
                    SafetensorsWriter.write(
                            staging.resolve(WEIGHTS),
                            weights,
                            Map.of("format", "pt"),
                            TensorType.F32);
                });
    }

    /**
     * Loads the model that an adapter belongs to, with the adapter merged into its weights.
     *
     * @param folder ours: peft's does not say what the head is for
     * @throws IllegalArgumentException if the model is not found; the message names it
     * @throws MalformedModelException if the folder is damaged or its model is another by now
     */
    public static LoadedModel open(Path folder, Device device)
            throws IOException, MalformedModelException {
        Checksums.verify(folder);
        AdapterConfig config = config(folder);
        LoadedModel model = base(folder, config, device);
        try {
            load(folder, model);
            Adapters.merge((Part) model.block());
            return new LoadedModel(
                    folder.toAbsolutePath().normalize().getFileName().toString(),
                    model.config(),
                    model.block(),
                    model.tokenizer(),
                    model.manager());
        } catch (IOException | MalformedModelException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static LoadedModel base(Path folder, AdapterConfig config, Device device)
            throws IOException, MalformedModelException {
        try {
            return ModelSource.loadFor(config.base(), head -> config.task(), device);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s: base must be the model that was tuned: %s"
                            .formatted(folder.resolve(CONFIG), e.getMessage()),
                    e);
        }
    }

    private static AdapterConfig config(Path folder) throws IOException, MalformedModelException {
        Path file = folder.resolve(CONFIG);
        try {
            Architectures.all(); // makes the tasks' names known
            return PartJson.fromJson(Files.readString(file), AdapterConfig.class);
        } catch (IllegalArgumentException e) {
            throw new MalformedModelException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Puts an adapter beside a model's weights; {@link Adapters#merge} makes them one.
     *
     * @param folder ours, or one that peft saved
     * @param model the pretrained model with the task's head; not to be used if this fails
     * @return what was applied
     * @throws MalformedModelException if the folder is damaged, is no adapter of this model, or
     *     asks for something that is not supported
     */
    public static LoraTuning load(Path folder, LoadedModel model)
            throws IOException, MalformedModelException {
        if (Checksums.isPresent(folder)) {
            Checksums.verify(folder);
        }
        Path file = folder.resolve(CONFIG);
        String json = Files.readString(file);
        Safetensors weights = Safetensors.open(folder.resolve(WEIGHTS));
        try {
            JsonObject tree = JsonParser.parseString(json).getAsJsonObject();
            boolean foreign = tree.has("peft_type");
            PeftAdapter peft =
                    foreign
                            ? PeftAdapter.read(
                                    tree, weights.entries().keySet(), modules(model.config()))
                            : null;
            LoraTuning tuning =
                    foreign ? peft.tuning() : PartJson.fromJson(tree, AdapterConfig.class).tuning();
            Part block = (Part) model.block();
            tuning.apply(block);
            put(block, weights, foreign ? peft.paths() : Map.of(), model.manager());
            return tuning;
        } catch (IllegalArgumentException | IllegalStateException | JsonParseException e) {
            throw new MalformedModelException(file + ": " + e.getMessage(), e);
        }
    }

    private static void put(
            Part model, Safetensors weights, Map<String, String> paths, NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            Map<String, NDArray> values = new LinkedHashMap<>();
            for (String name : weights.entries().keySet()) {
                values.put(paths.getOrDefault(name, name), weights.toNDArray(scope, name));
            }
            Adapters.load(model, values);
        }
    }

    /** The path of the part that holds a published module's weight. */
    private static UnaryOperator<String> modules(ModelConfig config) {
        NameTable names = Architectures.of(config.architecture()).names(config);
        return module -> {
            String weight = names.ourName(module + ".weight");
            return weight == null
                    ? null
                    : weight.substring(0, weight.length() - ".weight".length());
        };
    }
}
