package org.jzoo.zoo.huggingface;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.ModelOption;
import org.jzoo.zoo.registry.TextModelOption;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.StrictLoader;
import org.jzoo.zoo.weights.TensorSource;

/**
 * Imports a folder in Hugging Face's layout: {@code config.json}, {@code model.safetensors} (or
 * shards with an index; float32, fp16 or bf16) and {@code tokenizer.json}.
 */
public final class HuggingFaceFolder {

    private HuggingFaceFolder() {}

    /**
     * Loads a model for the task its weights were saved for.
     *
     * @throws java.nio.file.NoSuchFileException if a file is missing
     * @throws IllegalArgumentException if the configuration asks for something unsupported
     * @throws MalformedModelException if the weights are not those of the configuration
     */
    public static LoadedModel load(Path folder, Device device)
            throws IOException, MalformedModelException {
        ModelConfig config = config(folder);
        return load(
                folder.toAbsolutePath().normalize().getFileName().toString(),
                config,
                Safetensors.open(folder),
                tokenizer(folder, config.model()),
                device);
    }

    /** What a folder is a model of: the numbers, and the task its weights were saved for. */
    static ModelConfig config(Path folder) throws IOException {
        HuggingFaceConfig published = HuggingFaceConfig.of(folder);
        Architecture architecture = Architectures.of(published.modelType());
        Task task = sentenceTask(folder, architecture.readTask(published));
        return ModelConfig.of(architecture.name(), architecture.readConfig(published), task);
    }

    /**
     * Loads published weights into a model; weights of the head that the source lacks start fresh.
     *
     * @param name what the model is called
     * @param config what to build
     * @param published tensors under published names
     * @param tokenizer of the model, or null
     * @param device where the weights live
     * @throws MalformedModelException if the weights are not those of the configuration
     */
    public static LoadedModel load(
            String name,
            ModelConfig config,
            TensorSource published,
            TextTokenizer tokenizer,
            Device device)
            throws MalformedModelException {
        Architecture architecture = Architectures.of(config.architecture());
        Block block = config.model().create(config.task());
        NDManager manager = PyTorch.engine().newBaseManager(device);
        try {
            StrictLoader.into(ParameterPaths.of(block))
                    .ignoring(architecture.unused(config.task()).toArray(new String[0]))
                    .keeping("head.*")
                    .load(architecture.names(config).toOurs(published), manager);
            return new LoadedModel(name, config, block, tokenizer, manager);
        } catch (MalformedModelException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static TextTokenizer tokenizer(Path folder, ModelOption model) throws IOException {
        Path file = folder.resolve(ModelFolder.TOKENIZER);
        return Files.exists(file) && model instanceof TextModelOption text
                ? TextTokenizer.of(file, text.maxLength())
                : null;
    }

    // Sentence encoders keep their pooling in a folder of its own.
    private static Task sentenceTask(Path folder, Task task) throws IOException {
        Path file = folder.resolve("1_Pooling").resolve("config.json");
        if (!(task instanceof EmbeddingTask) || !Files.exists(file)) {
            return task;
        }
        JsonObject pooling = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        boolean mean = flag(pooling, "pooling_mode_mean_tokens");
        boolean first = flag(pooling, "pooling_mode_cls_token");
        if (mean == first) {
            throw new IllegalArgumentException(
                    "%s must choose the mean or the first token, got %s".formatted(file, pooling));
        }
        return new EmbeddingTask(
                mean ? Pooling.MEAN : Pooling.FIRST,
                Files.isDirectory(folder.resolve("2_Normalize")));
    }

    private static boolean flag(JsonObject json, String key) {
        return json.has(key) && json.get(key).getAsBoolean();
    }
}
