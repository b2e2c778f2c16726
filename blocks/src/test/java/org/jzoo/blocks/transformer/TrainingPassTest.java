package org.jzoo.blocks.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jzoo.blocks.attention.SelfAttention;
import org.jzoo.blocks.attention.SelfAttentionOption;
import org.jzoo.blocks.feedforward.Activation;
import org.jzoo.blocks.feedforward.DenseFeedForward;
import org.jzoo.blocks.feedforward.DenseFeedForwardOption;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.norm.LayerNormOption;
import org.jzoo.blocks.part.ForwardContext;
import org.jzoo.blocks.part.ParameterPaths;

/** A training pass joins operators that other passes run one by one. */
class TrainingPassTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = PyTorch.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    // Some activations in causal stacks, some where biases are left out.
    private Transformer stack(Activation activation) {
        LayerConfig layer =
                new LayerConfig(
                        SelfAttentionOption.builder()
                                .setHeads(2, 6)
                                .optCausal(activation.name().startsWith("GELU"))
                                .optBias(
                                        activation != Activation.GELU,
                                        activation != Activation.RELU)
                                .build(),
                        new DenseFeedForwardOption(
                                10, activation, activation != Activation.SILU, 0),
                        new LayerNormOption(1e-5),
                        NormPlacement.POST,
                        0);
        Transformer stack =
                new Transformer(new TransformerConfig(6, List.of(layer, layer), null, null));
        PyTorch.seed(3);
        stack.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 6));
        PyTorch.seed(4);
        ParameterPaths.of(stack)
                .values()
                .forEach(
                        p -> {
                            float[] values =
                                    manager.randomNormal(p.getArray().getShape()).toFloatArray();
                            p.getArray().set(values);
                            p.getArray().setRequiresGradient(true);
                        });
        return stack;
    }

    private Map<String, float[]> pass(Transformer stack, NDArray x, NDArray mask, boolean joined) {
        ForwardContext context = new ForwardContext().withMask(mask);
        if (!joined) {
            context.withCapture(SelfAttention.QUERIES).withCapture(DenseFeedForward.INNER);
        }
        Map<String, float[]> result = new LinkedHashMap<>();
        try (GradientMode on = GradientMode.on()) {
            NDArray y =
                    stack.forward(
                                    new ParameterStore(manager, false),
                                    new NDList(x),
                                    true,
                                    context.asParams())
                            .singletonOrThrow();
            result.put("output", y.toFloatArray());
            GradientMode.backward(y, y.square().stopGradient());
        }
        Map<String, Parameter> parameters = ParameterPaths.of(stack);
        parameters.forEach(
                (path, parameter) -> {
                    try (NDArray gradient = parameter.getArray().getGradient()) {
                        result.put(path, gradient.toFloatArray());
                    }
                });
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.zeroGradients(
                    parameters.values().stream().map(Parameter::getArray).toArray(NDArray[]::new));
        }
        return result;
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void joinedOperatorsComputeAndLearnTheSame(Activation activation) {
        Transformer stack = stack(activation);
        NDArray x = manager.randomNormal(new Shape(3, 5, 6));
        boolean[] seen = new boolean[15];
        Arrays.fill(seen, true);
        seen[8] = false;
        NDArray mask = manager.create(seen, new Shape(3, 5));
        Map<String, float[]> apart = pass(stack, x, mask, false);
        Map<String, float[]> joined = pass(stack, x, mask, true);
        assertEquals(apart.keySet(), joined.keySet());
        // Relative to the largest of all: the gradient of the keys' bias is zero but for rounding.
        double largest = 0;
        for (float[] values : apart.values()) {
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        float tolerance = (float) (1e-6 * largest);
        apart.forEach(
                (name, values) -> assertArrayEquals(values, joined.get(name), tolerance, name));
    }
}
