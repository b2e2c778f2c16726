package org.jzoo.examples.verify;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.attention.CrossAttention;
import org.jzoo.blocks.attention.CrossAttentionOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.verify.Difference;
import org.jzoo.zoo.verify.VerificationReport;
import org.jzoo.zoo.weights.NameRule;
import org.jzoo.zoo.weights.NameTable;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.StrictLoader;
import org.jzoo.zoo.weights.TensorSource;

/**
 * PyTorch's own attention layer, {@code torch.nn.MultiheadAttention}: inputs "query", "key",
 * "value" and "key_padding_mask" (true means padding), outputs "output" and "weights".
 */
final class AttentionReference {

    private static final NameTable NAMES =
            NameTable.of(
                    NameRule.split("in_proj_weight", "query.weight", "key.weight", "value.weight"),
                    NameRule.split("in_proj_bias", "query.bias", "key.bias", "value.bias"),
                    NameRule.same("out_proj.weight", "output.weight"),
                    NameRule.same("out_proj.bias", "output.bias"));

    private AttentionReference() {}

    /** Whether a folder's configuration is of one. */
    static boolean isIn(HuggingFaceConfig config) {
        return !config.has("model_type") && config.has("embed_dim") && config.has("num_heads");
    }

    /** Loads the layer, runs it and compares outputs and gradients. */
    static VerificationReport verify(Path folder, HuggingFaceConfig config, Device device)
            throws IOException, MalformedModelException {
        int dim = config.integer("embed_dim");
        CrossAttention layer =
                CrossAttentionOption.of(config.integer("num_heads"), dim).create(dim);
        try (NDManager manager = PyTorch.engine().newBaseManager(device);
                GradientMode on = GradientMode.on()) {
            Map<String, Parameter> parameters = ParameterPaths.of(layer);
            StrictLoader.into(parameters).load(NAMES.toOurs(Safetensors.open(folder)), manager);
            parameters.values().forEach(p -> p.getArray().setRequiresGradient(true));
            List<Difference> differences = new ArrayList<>();
            TensorSource outputs = Safetensors.open(folder.resolve("outputs.safetensors"));
            ForwardContext shown = new ForwardContext().withCapture(CrossAttention.WEIGHTS);
            NDArray explicit = run(layer, folder, manager, shown);
            NDArray weights = shown.captured().get(CrossAttention.WEIGHTS);
            NDArray fused = run(layer, folder, manager, new ForwardContext());
            NDArray expected = outputs.toNDArray(manager, "output");
            differences.add(Difference.of("output", expected, fused, null, 1));
            differences.add(Difference.of("output, explicit", expected, explicit, null, 1));
            differences.add(
                    Difference.of(
                            "weights", outputs.toNDArray(manager, "weights"), weights, null, 1));
            GradientMode.backward(fused, outputs.toNDArray(manager, "cotangent"));
            addGradients(folder, parameters, manager, differences);
            return new VerificationReport(differences, List.of());
        }
    }

    private static NDArray run(
            CrossAttention layer, Path folder, NDManager manager, ForwardContext context)
            throws IOException, MalformedModelException {
        TensorSource inputs = Safetensors.open(folder.resolve("inputs.safetensors"));
        NDList given = new NDList();
        for (String name : List.of("query", "key", "value")) {
            given.add(inputs.toNDArray(manager, name));
        }
        if (inputs.entries().containsKey("key_padding_mask")) {
            given.add(inputs.toNDArray(manager, "key_padding_mask").logicalNot());
        }
        ParameterStore store = new ParameterStore(manager, false);
        return layer.forward(store, given, false, context.asParams()).singletonOrThrow();
    }

    private static void addGradients(
            Path folder,
            Map<String, Parameter> parameters,
            NDManager manager,
            List<Difference> differences)
            throws IOException, MalformedModelException {
        TensorSource wanted =
                NAMES.toOurs(Safetensors.open(folder.resolve("gradients.safetensors")));
        double largest = 0;
        for (String path : wanted.entries().keySet()) {
            NDArray gradient = wanted.toNDArray(manager, path);
            largest = Math.max(largest, gradient.abs().max().getFloat());
        }
        for (String path : wanted.entries().keySet()) {
            differences.add(
                    Difference.ofGradient(
                            "gradient of " + path,
                            wanted.toNDArray(manager, path),
                            parameters.get(path).getArray().getGradient(),
                            largest));
        }
    }
}
