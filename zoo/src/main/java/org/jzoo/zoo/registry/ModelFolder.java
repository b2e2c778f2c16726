package org.jzoo.zoo.registry;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.zoo.j1.CaptionTask;
import org.jzoo.zoo.serving.ServingProperties;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.weights.AtomicFolder;
import org.jzoo.zoo.weights.Checksums;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.SafetensorsWriter;
import org.jzoo.zoo.weights.StrictLoader;
import org.jzoo.zoo.weights.TensorSource;
import org.jzoo.zoo.weights.TensorType;

/**
 * The folder in which a model is saved, loaded, published and served: {@value #CONFIG}, {@value
 * Safetensors#FILE_NAME}, {@value #TOKENIZER}, {@value #CARD}, {@value ServingProperties#FILE_NAME}
 * and {@value Checksums#FILE_NAME}.
 *
 * <p>Loading is strict. A missing, extra or misshapen weight, a truncated file, a flipped bit or
 * another architecture is an error that names the file, the parameter and both shapes.
 */
public final class ModelFolder {

    /** The configuration's file. */
    public static final String CONFIG = "config.json";

    /** The tokenizer's file. */
    public static final String TOKENIZER = "tokenizer.json";

    /** The model card's file. */
    public static final String CARD = "README.md";

    private ModelFolder() {}

    /** Whether a folder looks like one of ours: it has a manifest and a configuration. */
    public static boolean isPresent(Path folder) {
        return Checksums.isPresent(folder) && Files.isRegularFile(folder.resolve(CONFIG));
    }

    /**
     * Saves a model, whole or not at all; what was in the folder before is replaced.
     *
     * @param folder where to; its parent must exist or be creatable
     * @param model with plain or packed weights: merge adapters first
     * @param card the text of the model card
     * @param floats how weights are stored: F32, or F16 at half the size
     * @throws IOException if it cannot be written; the old folder is then untouched
     */
    public static void save(Path folder, LoadedModel model, String card, TensorType floats)
            throws IOException {
        TensorSource weights = TensorSource.ofParameters(model.name(), model.parameters());
        byte[] tokenizer = model.tokenizer() == null ? null : model.tokenizer().json();
        ModelConfig config =
                model.block() instanceof Part part
                        ? model.config().withPacked(PackedWeights.of(part))
                        : model.config();
        write(folder, config, weights, tokenizer, card, floats);
    }

    /**
     * Saves a model that is not loaded, whole or not at all; what was in the folder before is
     * replaced.
     *
     * @param folder where to; its parent must exist or be creatable
     * @param config what the weights belong to
     * @param weights under our names; their number types are kept
     * @param tokenizer the bytes of its {@code tokenizer.json}, or null
     * @param card the text of the model card
     * @throws IOException if it cannot be written; the old folder is then untouched
     */
    public static void write(
            Path folder, ModelConfig config, TensorSource weights, byte[] tokenizer, String card)
            throws IOException {
        write(folder, config, weights, tokenizer, card, TensorType.F32);
    }

    private static void write(
            Path folder,
            ModelConfig config,
            TensorSource weights,
            byte[] tokenizer,
            String card,
            TensorType floats)
            throws IOException {
        AtomicFolder.write(
                folder,
                staging -> {
                    Files.writeString(staging.resolve(CONFIG), config.toJson() + "\n");
                    SafetensorsWriter.write(
                            staging.resolve(Safetensors.FILE_NAME),
                            weights,
                            Map.of("format", "pt", "architecture", config.architecture()),
                            floats);
                    if (tokenizer != null) {
                        Files.write(staging.resolve(TOKENIZER), tokenizer);
                    }
                    Files.writeString(staging.resolve(CARD), card);
                    Files.writeString(
                            staging.resolve(ServingProperties.FILE_NAME), ServingProperties.text());
                });
    }

    /**
     * Reads the configuration alone.
     *
     * @throws NoSuchFileException if there is none
     * @throws MalformedModelException if it is no configuration
     */
    public static ModelConfig config(Path folder) throws IOException, MalformedModelException {
        Path file = folder.resolve(CONFIG);
        try {
            return ModelConfig.fromJson(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new MalformedModelException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Loads a model on a device, or on the engine's default for null.
     *
     * @throws NoSuchFileException if the folder or one of its files is missing
     * @throws MalformedModelException if anything in it is not as it was saved
     */
    public static LoadedModel load(Path folder, Device device)
            throws IOException, MalformedModelException {
        AtomicFolder.recover(folder);
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(
                    folder.toString(), null, "must be the folder of a saved model");
        }
        PyTorch.startAhead();
        Checksums.verify(folder);
        ModelConfig config = config(folder);
        Block block = create(folder, config);
        TextTokenizer tokenizer = tokenizer(folder, config);
        NDManager manager = PyTorch.engine().newBaseManager(device);
        try {
            StrictLoader.into(ParameterPaths.of(block)).load(Safetensors.open(folder), manager);
            return new LoadedModel(
                    folder.toAbsolutePath().normalize().getFileName().toString(),
                    config,
                    block,
                    tokenizer,
                    manager);
        } catch (IOException | MalformedModelException | RuntimeException e) {
            manager.close();
            if (tokenizer != null) {
                tokenizer.close();
            }
            throw e;
        }
    }

    private static Block create(Path folder, ModelConfig config) throws MalformedModelException {
        try {
            return config.create();
        } catch (IllegalArgumentException e) {
            throw new MalformedModelException(folder.resolve(CONFIG) + ": " + e.getMessage(), e);
        }
    }

    private static TextTokenizer tokenizer(Path folder, ModelConfig config) throws IOException {
        Path file = folder.resolve(TOKENIZER);
        if (Files.exists(file) && config.task() instanceof CaptionTask captions) {
            return TextTokenizer.of(file, captions.decoder().maxLength());
        }
        return Files.exists(file) && config.model() instanceof TextModelOption text
                ? TextTokenizer.of(file, text.maxLength())
                : null;
    }
}
