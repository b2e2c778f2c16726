package org.jzoo.zoo.verify;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.zoo.clip.ClipConfig;
import org.jzoo.zoo.decoder.DecoderConfig;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.encoder.ImageEncoderConfig;
import org.jzoo.zoo.lxmert.LxmertConfig;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelOption;
import org.jzoo.zoo.weights.TensorEntry;
import org.jzoo.zoo.weights.TensorSource;

/**
 * Compares a model with a {@link Reference}: every output, every hidden state, the losses, the
 * gradient of every weight and the greedy continuation.
 *
 * <p>Positions that the attention mask leaves out are not compared. Outputs count against the
 * largest value of their tensor, or 1 if that is less; gradients as {@link Difference#ofGradient}
 * says.
 */
public final class Verification {

    private static final String GREEDY = "greedy_from_first_";

    private final Reference reference;
    private final LoadedModel model;
    private final VerifiedModel kind;
    private final List<Difference> differences = new ArrayList<>();
    private final List<String> unsupported = new ArrayList<>();

    private Verification(Reference reference, LoadedModel model) {
        this.reference = reference;
        this.model = model;
        kind = kind(model.config().model());
    }

    /**
     * Loads the reference's weights, runs its inputs and compares.
     *
     * @throws IOException if a file cannot be read
     * @throws MalformedModelException if the weights are not those of the configuration
     * @throws IllegalArgumentException if the configuration or an input is not supported; the
     *     message names it
     */
    public static VerificationReport run(Reference reference, Device device)
            throws IOException, MalformedModelException {
        try (LoadedModel model = reference.load(device)) {
            return run(reference, model);
        }
    }

    /**
     * Runs a reference's inputs through a model that has its weights, and compares.
     *
     * @throws IOException if a file cannot be read
     * @throws MalformedModelException if the gradients are not those of the configuration
     * @throws IllegalArgumentException if an input is not supported; the message names it
     */
    public static VerificationReport run(Reference reference, LoadedModel model)
            throws IOException, MalformedModelException {
        try (NDManager manager = model.manager().newSubManager()) {
            Verification verification = new Verification(reference, model);
            verification.compare(manager);
            return new VerificationReport(
                    verification.differences, List.copyOf(verification.unsupported));
        }
    }

    /** How such models run: one line each. */
    private static VerifiedModel kind(ModelOption model) {
        Map<Class<? extends ModelOption>, VerifiedModel> kinds =
                Map.of(
                        EncoderConfig.class, new VerifiedEncoder(),
                        DecoderConfig.class, new VerifiedDecoder(),
                        ImageEncoderConfig.class, new VerifiedImageEncoder(),
                        LxmertConfig.class, new VerifiedLxmert(),
                        ClipConfig.class, new VerifiedClip());
        VerifiedModel kind = kinds.get(model.getClass());
        if (kind == null) {
            throw new IllegalArgumentException(
                    "model must be one that can be verified, got "
                            + model.getClass().getSimpleName());
        }
        return kind;
    }

    private void compare(NDManager manager) throws IOException, MalformedModelException {
        Map<String, NDArray> inputs = reference.inputs(manager, kind.inputs());
        TensorSource gradients = reference.gradients();
        try (GradientMode mode = gradients == null ? GradientMode.off() : GradientMode.on()) {
            if (gradients != null) {
                requireGradients();
            }
            Map<String, NDArray> outputs =
                    kind.run(model.block(), inputs, reference.outputs().entries().keySet());
            compareOutputs(manager, inputs, outputs);
            if (gradients != null) {
                NDArray output = outputs.get(reference.lossOutput());
                if (output == null) {
                    unsupported.add("gradients of " + reference.lossOutput());
                } else {
                    NDArray cotangent = reference.outputs().toNDArray(manager, "cotangent");
                    GradientMode.backward(output, cotangent);
                    compareGradients(manager, gradients);
                }
            }
        }
    }

    private void requireGradients() {
        model.parameters().values().stream()
                .filter(Parameter::requiresGradient)
                .forEach(p -> p.getArray().setRequiresGradient(true));
    }

    private void compareOutputs(
            NDManager manager, Map<String, NDArray> inputs, Map<String, NDArray> outputs) {
        NDArray keep = VerifiedEncoder.booleans(inputs.get("attention_mask"));
        for (String name : reference.outputs().entries().keySet()) {
            if (name.equals("cotangent")) {
                continue;
            }
            NDArray expected = reference.outputs().toNDArray(manager, name);
            if (name.startsWith(GREEDY)) {
                int first = Integer.parseInt(name.substring(GREEDY.length()));
                compareTokens(name, expected, greedy(inputs.get("input_ids"), first, expected));
            } else if (outputs.containsKey(name)) {
                differences.add(Difference.of(name, expected, outputs.get(name), keep, 1));
            } else {
                unsupported.add("output " + name);
            }
        }
    }

    private long[][] greedy(NDArray ids, int first, NDArray expected) {
        int rows = Math.toIntExact(ids.getShape().get(0));
        int length = Math.toIntExact(ids.getShape().get(1));
        long[] flat = ids.toLongArray();
        long[][] beginnings = new long[rows][first];
        for (int b = 0; b < rows; b++) {
            System.arraycopy(flat, b * length, beginnings[b], 0, first);
        }
        try (GradientMode off = GradientMode.off()) {
            int count = Math.toIntExact(expected.getShape().get(1)) - first;
            return kind.greedy(model.block(), beginnings, count);
        }
    }

    // Tokens are right or wrong: a wrong one counts as a difference of 1.
    private void compareTokens(String name, NDArray expected, long[][] got) {
        Shape shape = expected.getShape();
        int length = Math.toIntExact(shape.get(1));
        long[] wanted = expected.toLongArray();
        for (int i = 0; i < wanted.length; i++) {
            long token = got[i / length][i % length];
            if (token != wanted[i]) {
                String place = "[%d, %d]".formatted(i / length, i % length);
                differences.add(new Difference(name, 1, 1, place, wanted[i], token, wanted.length));
                return;
            }
        }
        differences.add(new Difference(name, 0, 1, "[0, 0]", wanted[0], wanted[0], wanted.length));
    }

    private void compareGradients(NDManager manager, TensorSource published)
            throws MalformedModelException {
        TensorSource wanted = reference.toOurs(published, model.config());
        Map<String, NDArray> expected = new LinkedHashMap<>();
        double largest = 0;
        for (TensorEntry entry : wanted.entries().values()) {
            NDArray gradient = wanted.toNDArray(manager, entry.name());
            expected.put(entry.name(), gradient);
            largest = Math.max(largest, gradient.abs().max().getFloat());
        }
        Map<String, NDArray> got = gradients();
        for (Map.Entry<String, NDArray> want : expected.entrySet()) {
            NDArray gradient = got.remove(want.getKey());
            if (gradient == null) {
                unsupported.add("gradient of " + want.getKey());
            } else {
                String name = "gradient of " + want.getKey();
                NDArray counted = kind.gradient(want.getKey(), gradient);
                differences.add(Difference.ofGradient(name, want.getValue(), counted, largest));
            }
        }
        got.forEach(
                (path, gradient) -> {
                    if (gradient.abs().max().getFloat() > 0) {
                        unsupported.add("gradient of " + path + ", which the reference lacks");
                    }
                });
    }

    /** Every weight's gradient by its first path. */
    private Map<String, NDArray> gradients() {
        Map<String, NDArray> gradients = new TreeMap<>();
        Map<Parameter, String> seen = new HashMap<>();
        model.parameters()
                .forEach(
                        (path, parameter) -> {
                            NDArray array = parameter.getArray();
                            if (seen.putIfAbsent(parameter, path) == null && array.hasGradient()) {
                                NDArray gradient = array.getGradient();
                                if (gradient != null) {
                                    gradients.put(path, gradient);
                                }
                            }
                        });
        return gradients;
    }
}
