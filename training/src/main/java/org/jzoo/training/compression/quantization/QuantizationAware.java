package org.jzoo.training.compression.quantization;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.QuantizedLinear;
import org.jzoo.blocks.quantization.ScaleRule;
import org.jzoo.blocks.quantization.WeightGrid;
import org.jzoo.training.optimizer.PathPattern;
import org.jzoo.training.tuning.Adapters;

/**
 * Training with rounded weights: linear maps are wrapped so that every pass computes with weights
 * on their grid, and the {@link org.jzoo.training.loop.TrainingLoop} trains the model as any other.
 *
 * @param grid what weights are rounded to
 * @param rule where its scales come from
 * @param targets patterns of paths of linear maps ("*.query"), where {@code *} stands for any
 *     characters, dots included; at least one
 * @see <a href="https://arxiv.org/abs/1712.05877">Jacob et al. 2018</a>, section 3
 * @see <a href="https://arxiv.org/abs/1902.08153">Esser et al. 2020, Learned Step Size
 *     Quantization</a>
 */
public record QuantizationAware(WeightGrid grid, ScaleRule rule, List<String> targets) {

    /** Every linear map. */
    public static final List<String> ALL = List.of("*");

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there is no target
     */
    public QuantizationAware {
        Objects.requireNonNull(grid, "grid");
        Objects.requireNonNull(rule, "rule");
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException(
                    "targets must have a pattern, got targets=" + targets);
        }
    }

    /**
     * Wraps the maps that a pattern matches.
     *
     * @param model with or without weights; scales beside weights get their start values at once
     * @throws IllegalArgumentException if a pattern matches no linear map, the model has adapters
     *     that are not merged, or the grid does not fit a map
     */
    public void apply(Part model) {
        if (!Adapters.of(model).isEmpty()) {
            throw new IllegalArgumentException(
                    "adapters must be merged before weights are rounded, got adapters="
                            + Adapters.of(model).keySet());
        }
        Set<String> paths = matching(model, targets);
        model.replaceParts(
                (path, block) ->
                        block instanceof Linear base && paths.contains(path)
                                ? wrapped(base)
                                : block);
    }

    private QuantizedLinear wrapped(Linear base) {
        QuantizedLinear wrapped = new QuantizedLinear(base, grid, rule);
        if (base.weight().isInitialized()) {
            wrapped.initializeScale(base.weight().getArray().getManager());
        }
        return wrapped;
    }

    /** Rounds every wrapped weight and puts the plain linear maps back: the same function. */
    public static void merge(Part model) {
        model.replaceParts(
                (path, block) ->
                        block instanceof QuantizedLinear quantized ? quantized.merge() : block);
    }

    /** Packs every wrapped weight with the scales it was trained with: the same function. */
    public static void pack(Part model) {
        model.replaceParts(
                (path, block) ->
                        block instanceof QuantizedLinear quantized ? quantized.pack() : block);
    }

    /** The paths of the linear maps that a pattern matches; each pattern must match one. */
    static Set<String> matching(Part model, List<String> patterns) {
        Set<String> all = Adapters.linearPaths(model);
        Set<String> found = new LinkedHashSet<>();
        for (String pattern : patterns) {
            List<String> matched =
                    all.stream().filter(path -> PathPattern.matches(pattern, path)).toList();
            if (matched.isEmpty()) {
                throw new IllegalArgumentException(
                        "targets must match linear maps of the model, got targets=%s; there are: %s"
                                .formatted(pattern, String.join(", ", all)));
            }
            found.addAll(matched);
        }
        return found;
    }
}
