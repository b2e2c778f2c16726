package org.jzoo.zoo.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.transformer.Transformer;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.registry.Architecture;
import org.jzoo.zoo.registry.Architectures;
import org.jzoo.zoo.registry.ModelConfig;
import org.jzoo.zoo.task.EmbeddingTask;
import org.jzoo.zoo.task.Pooling;
import org.jzoo.zoo.weights.Safetensors;
import org.jzoo.zoo.weights.StrictLoader;
import org.jzoo.zoo.weights.TensorSource;

/** Hidden states and gradients of published implementations on random weights. */
class EncoderGoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "distilbert", "longformer"})
    void hiddenStatesAndGradientsEqualThePublishedImplementation(String name) throws Exception {
        Path folder = folder(name);
        HuggingFaceConfig published = HuggingFaceConfig.of(folder);
        Architecture architecture = Architectures.of(published.modelType());
        EmbeddingTask task = new EmbeddingTask(Pooling.MEAN, false);
        ModelConfig config = ModelConfig.of(name, architecture.readConfig(published), task);
        TextModel model = (TextModel) config.model().create(task);
        try (NDManager manager = PyTorch.newBaseManager();
                GradientMode on = GradientMode.on()) {
            Map<String, Parameter> parameters = ParameterPaths.of(model);
            StrictLoader.into(parameters)
                    .ignoring(architecture.unused(task).toArray(new String[0]))
                    .load(architecture.names(config).toOurs(Safetensors.open(folder)), manager);
            parameters.values().forEach(p -> p.getArray().setRequiresGradient(true));
            Safetensors inputs = Safetensors.open(folder.resolve("inputs.safetensors"));
            Safetensors outputs = Safetensors.open(folder.resolve("outputs.safetensors"));
            NDArray ids = inputs.toNDArray(manager, "input_ids");
            NDArray mask =
                    inputs.toNDArray(manager, "attention_mask").toType(DataType.BOOLEAN, true);
            ForwardContext context =
                    new ForwardContext().withMask(mask).withCapture(Transformer.HIDDEN);
            if (inputs.entries().containsKey("global_attention_mask")) {
                context.withGlobalTokens(
                        inputs.toNDArray(manager, "global_attention_mask")
                                .toType(DataType.BOOLEAN, true));
            }
            NDArray last =
                    model.encoder()
                            .forward(
                                    new ParameterStore(manager, false),
                                    new NDList(ids),
                                    true,
                                    context.asParams())
                            .singletonOrThrow();

            for (int l = 0; l < 3; l++) {
                NDArray want = outputs.toNDArray(manager, "hidden_states." + l);
                NDArray got = context.captured().get("layers." + l + ".hidden");
                assertTrue(difference(want, got, mask) < 1e-5, name + " layer " + l);
            }
            NDArray cotangent = outputs.toNDArray(manager, "cotangent");
            GradientMode.backward(last, cotangent);
            assertGradients(
                    architecture
                            .names(config)
                            .toOurs(Safetensors.open(folder.resolve("gradients.safetensors"))),
                    parameters,
                    manager);
        }
    }

    private static void assertGradients(
            TensorSource want, Map<String, Parameter> parameters, NDManager manager) {
        Map<String, Double> worst = new LinkedHashMap<>();
        for (String path : want.entries().keySet()) {
            NDArray expected = want.toNDArray(manager, path);
            NDArray got = parameters.get(path).getArray().getGradient();
            // Key biases have gradients of zero but for rounding: softmax does not see them.
            double scale = Math.max(1e-3, expected.abs().max().getFloat());
            double difference = expected.sub(got).abs().max().getFloat() / scale;
            if (difference > 1e-4) {
                worst.put(path, difference);
            }
        }
        assertEquals(Map.of(), worst, "largest relative differences");
    }

    private static double difference(NDArray want, NDArray got, NDArray mask) {
        NDArray keep = mask.toType(DataType.FLOAT32, true).expandDims(2);
        assertEquals(new Shape(want.getShape().getShape()), got.getShape());
        return want.sub(got).mul(keep).abs().max().getFloat();
    }

    private static Path folder(String name) throws URISyntaxException {
        return Path.of(EncoderGoldenTest.class.getResource("/golden/" + name).toURI());
    }
}
