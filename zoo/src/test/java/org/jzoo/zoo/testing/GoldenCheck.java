package org.jzoo.zoo.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.Task;
import org.jzoo.zoo.verify.Difference;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.StrictLoader;
import org.jzoo.zoo.weights.TensorSource;

/** A fixture that a published implementation made, and a model with its weights. */
public final class GoldenCheck {

    private final Path folder;
    private final NDManager manager;
    private final Architecture architecture;
    private final ModelConfig config;
    private final Block block;

    /** Reads the fixture of that name into a model for the task. */
    public GoldenCheck(String name, Task task, NDManager manager) throws Exception {
        this.manager = manager;
        folder = folder(name);
        HuggingFaceConfig published = HuggingFaceConfig.of(folder);
        architecture = Architectures.of(published.modelType());
        config = ModelConfig.of(architecture.name(), architecture.readConfig(published), task);
        block = config.model().create(task);
        Map<String, Parameter> parameters = ParameterPaths.of(block);
        StrictLoader.into(parameters)
                .ignoring(architecture.unused(task).toArray(new String[0]))
                .load(architecture.names(config).toOurs(Safetensors.open(folder)), manager);
        parameters.values().forEach(p -> p.getArray().setRequiresGradient(true));
    }

    /** The folder of the fixture of that name. */
    public static Path folder(String name) throws URISyntaxException {
        return Path.of(GoldenCheck.class.getResource("/golden/" + name).toURI());
    }

    /** The model. */
    public Block block() {
        return block;
    }

    /** What the model was built from. */
    public ModelConfig config() {
        return config;
    }

    /** The published configuration. */
    public HuggingFaceConfig published() throws Exception {
        return HuggingFaceConfig.of(folder);
    }

    /** An input of the fixture. */
    public NDArray input(String name) throws Exception {
        return Safetensors.open(folder.resolve("inputs.safetensors")).toNDArray(manager, name);
    }

    /** An output of the fixture. */
    public NDArray output(String name) throws Exception {
        return Safetensors.open(folder.resolve("outputs.safetensors")).toNDArray(manager, name);
    }

    /** Fails unless the array equals the fixture's output to within {@code tolerance}. */
    public void assertOutput(String name, NDArray got, double tolerance) throws Exception {
        NDArray want = output(name);
        assertEquals(want.getShape(), got.getShape(), name);
        float difference = want.sub(got).abs().max().getFloat();
        assertTrue(difference <= tolerance, name + " differs by " + difference);
    }

    /** Fails unless each gradient equals the fixture's to within 1e-4 of its largest number. */
    public void assertGradients() throws Exception {
        TensorSource want =
                architecture
                        .names(config)
                        .toOurs(Safetensors.open(folder.resolve("gradients.safetensors")));
        Map<String, Parameter> parameters = ParameterPaths.of(block);
        Map<String, Double> worst = new LinkedHashMap<>();
        double largest = 0;
        for (String path : want.entries().keySet()) {
            largest = Math.max(largest, want.toNDArray(manager, path).abs().max().getFloat());
        }
        for (String path : want.entries().keySet()) {
            if (!parameters.containsKey(path)) {
                continue; // a tensor that the task leaves out, as the loader has checked
            }
            NDArray expected = want.toNDArray(manager, path);
            NDArray got = parameters.get(path).getArray().getGradient();
            double difference = Difference.ofGradient(path, expected, got, largest).relative();
            if (!(difference <= 1e-4)) {
                worst.put(path, difference);
            }
        }
        assertEquals(Map.of(), worst, "largest relative differences");
    }
}
