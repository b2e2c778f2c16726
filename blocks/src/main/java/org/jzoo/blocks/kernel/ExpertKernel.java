package org.jzoo.blocks.kernel;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Experts: E feed-forwards of equal sizes side by side, each computing the rows that were routed to
 * it.
 *
 * <p>Rows are sorted by expert once, each expert computes one contiguous run of them, and each
 * token adds its results up with their weights. On CUDA the host waits once a call, for the E
 * counts, and in bfloat16 experts with about equally many rows are filled up and run together.
 */
public final class ExpertKernel {

    // One module an activation, which stands in the script as a name.
    private static final Map<String, Script> SCRIPTS = new ConcurrentHashMap<>();

    // On CUDA in bfloat16 launching counts more than computing: a few batched products beat a loop
    // of small ones although they compute more.
    private static final double PADDING = 1.5;

    private ExpertKernel() {}

    /**
     * The stacked maps.
     *
     * @param up (E, F, D)
     * @param upBias (E, F), or null
     * @param gate (E, F, D), or null for {@code down(activation(up(x)))}; else {@code
     *     down(activation(gate(x)) · up(x))}
     * @param gateBias (E, F), or null
     * @param down (E, D, F)
     * @param downBias (E, D), or null
     */
    public record Maps(
            NDArray up,
            NDArray upBias,
            NDArray gate,
            NDArray gateBias,
            NDArray down,
            NDArray downBias) {}

    /**
     * How the maps are applied.
     *
     * @param activation a function's name in {@code activation.py}
     * @param dropout share of the inner features that are zeroed, in [0, 1)
     * @param precision of the matrix products
     */
    public record Mode(String activation, double dropout, Precision precision) {}

    /**
     * Adds up {@code Σ_j weights[j] · expert_{experts[j]}(x)} for each token.
     *
     * @param x (B, T, D)
     * @param weights (k, N) float32
     * @param experts (k, N) int64 in [0, E]; E stands for no expert and yields zeros
     * @return (B, T, D) float32
     */
    public static NDArray apply(NDArray x, NDArray weights, NDArray experts, Maps maps, Mode mode) {
        boolean fills = x.getDevice().isGpu() && mode.precision() == Precision.BFLOAT16;
        return apply(x, weights, experts, maps, mode, fills ? PADDING : 0);
    }

    /** Fills experts up if that takes at most {@code padding} times as many rows. */
    static NDArray apply(
            NDArray x, NDArray weights, NDArray experts, Maps maps, Mode mode, double padding) {
        return script(mode.activation())
                .call(
                        "apply",
                        x,
                        weights,
                        experts,
                        maps.up(),
                        maps.upBias(),
                        maps.gate(),
                        maps.gateBias(),
                        maps.down(),
                        maps.downBias(),
                        mode.dropout(),
                        mode.precision().scalarType(),
                        padding);
    }

    /**
     * As {@link #apply}, where experts chose tokens.
     *
     * @param weights (E, M) float32
     * @param tokens (E, M) int64 in [0, N)
     */
    public static NDArray applyChosen(
            NDArray x, NDArray weights, NDArray tokens, Maps maps, Mode mode) {
        return script(mode.activation())
                .call(
                        "apply_chosen",
                        x,
                        weights,
                        tokens,
                        maps.up(),
                        maps.upBias(),
                        maps.gate(),
                        maps.gateBias(),
                        maps.down(),
                        maps.downBias(),
                        mode.dropout(),
                        mode.precision().scalarType());
    }

    /**
     * Computes {@code x[e] · weight[e]ᵀ + bias[e]} for each expert e.
     *
     * @param x (E, C, In)
     * @param weight (E, Out, In)
     * @param bias (E, Out), or null for none
     * @return (E, C, Out) in that precision
     */
    public static NDArray linear(NDArray x, NDArray weight, NDArray bias, Precision precision) {
        return script("relu").call("linear", x, weight, bias, precision.scalarType());
    }

    /** Computes {@code y + sigmoid(gate) · shared}: (..., D), (..., D) and (..., 1) to (..., D). */
    public static NDArray addGated(NDArray y, NDArray shared, NDArray gate) {
        return script("relu").call("add_gated", y, shared, gate);
    }

    /** Adds {@code rows} (M, D) to the rows of {@code y} (N, D) at {@code index} (M) int64. */
    public static NDArray addAt(NDArray y, NDArray index, NDArray rows) {
        return script("relu").call("add_at", y, index, rows);
    }

    private static Script script(String activation) {
        return SCRIPTS.computeIfAbsent(
                activation,
                name ->
                        Script.load(
                                List.of("activation.py", "dropout.py", "experts.py"),
                                Map.of("ACTIVATION", name)));
    }
}
