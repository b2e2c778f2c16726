package org.jzoo.zoo.verify;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.ImageEncoderConfig;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.huggingface.HuggingFaceFolder;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.registry.ModelOption;
import org.jzoo.zoo.task.ClassificationTask;
import org.jzoo.zoo.task.HeadOption;
import org.jzoo.zoo.task.ImageClassificationTask;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.vit.Vit;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.TensorSource;

/**
 * What a published implementation computed: a folder with {@code config.json}, {@code
 * model.safetensors} under published names, {@code inputs.safetensors}, {@code outputs.safetensors}
 * and, where it has any, {@code gradients.safetensors} of the loss {@code sum(OUTPUT * cotangent)}
 * that the configuration names as {@code _loss}.
 */
public final class Reference {

    private static final Pattern LOSS = Pattern.compile("sum\\((\\w+) \\* cotangent\\)");

    private final Path folder;
    private final HuggingFaceConfig config;
    private final Architecture architecture;
    private final TensorSource weights;
    private final UnaryOperator<String> names;
    private final Safetensors inputs;
    private final Safetensors outputs;

    private Reference(Path folder, UnaryOperator<String> names)
            throws IOException, MalformedModelException {
        this.folder = folder;
        this.names = names;
        config = HuggingFaceConfig.of(folder);
        architecture = Architectures.of(config.modelType());
        weights = Safetensors.open(folder).renamed(names);
        inputs = Safetensors.open(folder.resolve("inputs.safetensors"));
        outputs = Safetensors.open(folder.resolve("outputs.safetensors"));
    }

    /**
     * Opens a folder.
     *
     * @throws IOException if a file is missing or cannot be read
     * @throws MalformedModelException if a file is damaged
     * @throws IllegalArgumentException if there is no such architecture; the message names it
     */
    public static Reference open(Path folder) throws IOException, MalformedModelException {
        return open(folder, UnaryOperator.identity());
    }

    /**
     * Opens a folder whose weights have the published names only after a translation.
     *
     * @param names gives the published name of a weight or its gradient; null leaves it out
     * @throws IOException if a file is missing or cannot be read
     * @throws MalformedModelException if a file is damaged
     * @throws IllegalArgumentException if there is no such architecture; the message names it
     */
    public static Reference open(Path folder, UnaryOperator<String> names)
            throws IOException, MalformedModelException {
        return new Reference(folder, names);
    }

    /** The configuration. */
    public HuggingFaceConfig config() {
        return config;
    }

    /** The tensors that went in. */
    public TensorSource inputs() {
        return inputs;
    }

    /** The tensors that came out. */
    public TensorSource outputs() {
        return outputs;
    }

    /** The gradients under published names; null if the folder has none. */
    TensorSource gradients() throws IOException, MalformedModelException {
        Path file = folder.resolve("gradients.safetensors");
        return Files.exists(file) ? Safetensors.open(file).renamed(names) : null;
    }

    /** The name of the output whose product with "cotangent" the gradients are of. */
    String lossOutput() {
        String loss = config.string("_loss", "");
        Matcher matcher = LOSS.matcher(loss);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "_loss must be \"sum(OUTPUT * cotangent)\", got \"%s\"".formatted(loss));
        }
        return matcher.group(1);
    }

    /** The inputs as arrays. */
    Map<String, NDArray> inputs(NDManager manager, Set<String> known) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (String name : inputs.entries().keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "inputs must be among %s, got %s".formatted(known, name));
            }
            arrays.put(name, inputs.toNDArray(manager, name));
        }
        return arrays;
    }

    /**
     * The model with the reference's weights.
     *
     * @throws MalformedModelException if the weights are not those of the configuration
     * @throws IllegalArgumentException if the configuration is not supported; the message names
     *     what is not
     */
    public LoadedModel load(Device device) throws MalformedModelException {
        ModelOption model = architecture.readConfig(config);
        return HuggingFaceFolder.load(
                folder.toAbsolutePath().normalize().getFileName().toString(),
                ModelConfig.of(architecture.name(), model, task(model)),
                weights,
                null,
                device);
    }

    // A fixture's configuration names no class: the weights say whether there is a classifier.
    private Task task(ModelOption model) {
        if (model instanceof ImageEncoderConfig) {
            return imageTask();
        }
        return weights.entries().keySet().stream()
                .filter(
                        name ->
                                model instanceof EncoderConfig
                                        && name.endsWith("classifier.weight"))
                .findFirst()
                .map(name -> classification(weights.entry(name).shape().get(0)))
                .orElseGet(() -> architecture.readTask(config));
    }

    private Task imageTask() {
        if (weights.entries().containsKey("classifier.weight")) {
            List<String> labels = labels(weights.entry("classifier.weight").shape().get(0));
            return new ImageClassificationTask(labels, architecture.head());
        }
        return weights.entries().containsKey("pooler.dense.weight")
                ? Vit.pooled(config)
                : architecture.readTask(config);
    }

    private Task classification(long numLabels) {
        HeadOption head = architecture.head();
        double dropout =
                config.number("classifier_dropout", config.number("hidden_dropout_prob", 0));
        return new ClassificationTask(
                labels(numLabels), false, new HeadOption(head.pooling(), head.dense(), dropout));
    }

    private static List<String> labels(long count) {
        return IntStream.range(0, (int) count).mapToObj(i -> "LABEL_" + i).toList();
    }

    /** Tensors under published names, such as gradients, under the names of our weights. */
    public TensorSource toOurs(TensorSource published, ModelConfig model)
            throws MalformedModelException {
        return architecture.names(model).toOurs(published);
    }
}
