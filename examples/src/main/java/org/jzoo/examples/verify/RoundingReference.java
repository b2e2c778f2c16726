package org.jzoo.examples.verify;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.LinearKernel;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.kernel.QuantizationKernel;
import org.jzoo.zoo.verify.Difference;
import org.jzoo.zoo.verify.VerificationReport;
import org.jzoo.zoo.weights.Safetensors;

/**
 * PyTorch's rounding of weights to a symmetric signed grid with straight-through gradients, {@code
 * torch.fake_quantize_per_channel_affine}, and a product with what it gives: inputs "w", "scale"
 * and "x", outputs "fake_quantized_w" and "y", gradients "grad_w" and "grad_x".
 */
final class RoundingReference {

    private static final Set<String> INPUTS = Set.of("w", "scale", "x");
    private static final int USUAL_BITS = 4;
    private static final double WHOLE = 1e-3;

    private RoundingReference() {}

    /** Whether a folder holds one. */
    static boolean isIn(Path folder) throws IOException, MalformedModelException {
        Path inputs = folder.resolve("inputs.safetensors");
        return Files.isRegularFile(inputs)
                && Safetensors.open(inputs).entries().keySet().equals(INPUTS);
    }

    /** Rounds, multiplies, sends the cotangent back and compares. */
    static VerificationReport verify(Path folder, Device device)
            throws IOException, MalformedModelException {
        Safetensors inputs = Safetensors.open(folder.resolve("inputs.safetensors"));
        Safetensors outputs = Safetensors.open(folder.resolve("outputs.safetensors"));
        try (NDManager manager = PyTorch.engine().newBaseManager(device);
                GradientMode on = GradientMode.on()) {
            NDArray w = inputs.toNDArray(manager, "w"); // (Out, In)
            NDArray x = inputs.toNDArray(manager, "x"); // (N, In)
            NDArray scale = inputs.toNDArray(manager, "scale").flatten(); // (groups)
            int high = (1 << bits(w, scale)) - 1;
            NDArray zero = manager.full(scale.getShape(), (high + 1) / 2f);
            w.setRequiresGradient(true);
            x.setRequiresGradient(true);
            NDArray rounded =
                    QuantizationKernel.fake(w, scale, zero, w.size() / scale.size(), high);
            NDArray y = LinearKernel.linear(x, rounded, null, Precision.FLOAT32);
            GradientMode.backward(y, outputs.toNDArray(manager, "cotangent"));
            List<Difference> differences = new ArrayList<>();
            add(differences, outputs.toNDArray(manager, "fake_quantized_w"), rounded, "rounded w");
            add(differences, outputs.toNDArray(manager, "y"), y, "y");
            addGradient(differences, outputs.toNDArray(manager, "grad_w"), w, "w");
            addGradient(differences, outputs.toNDArray(manager, "grad_x"), x, "x");
            return new VerificationReport(differences, List.of());
        }
    }

    // Scales are the largest magnitude of a group over the largest code; four bits where they are
    // not.
    private static int bits(NDArray w, NDArray scale) {
        double largest =
                w.reshape(scale.size(), -1).abs().max(new int[] {1}).div(scale).max().getFloat();
        long codes = Math.round(largest) + 1;
        boolean whole = Math.abs(largest - codes + 1) < WHOLE && Long.bitCount(codes) == 1;
        return whole ? 1 + Long.numberOfTrailingZeros(codes) : USUAL_BITS;
    }

    private static void add(
            List<Difference> differences, NDArray expected, NDArray actual, String name) {
        differences.add(Difference.of(name, expected, actual, null, 1));
    }

    private static void addGradient(
            List<Difference> differences, NDArray expected, NDArray of, String name) {
        differences.add(
                Difference.ofGradient(
                        "gradient of " + name,
                        expected,
                        of.getGradient(),
                        expected.abs().max().getFloat()));
    }
}
