package org.jzoo.training.compression.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.PostTrainingKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.PackedLinear;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.tuning.Adapters;

/**
 * Packs a trained model's linear maps, layer by layer: each layer is fitted to the inputs that the
 * layers before it, already packed, give it.
 *
 * @param method how packed weights are chosen
 * @param targets patterns of paths of linear maps; at least one
 */
public record PostTraining(WeightMethod method, List<String> targets) {

    private static final Pattern LAYER = Pattern.compile("(.*\\.|)layers\\.\\d+\\.");

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there is no target
     */
    public PostTraining {
        Objects.requireNonNull(method, "method");
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException(
                    "targets must have a pattern, got targets=" + targets);
        }
    }

    /**
     * Replaces the maps that a pattern matches by packed ones.
     *
     * @param model with weights on one device, its adapters merged
     * @param texts whose epoch 0 is run; null for none, which only {@link RoundToNearest} can do
     *     with
     * @param loss whose gradients say what matters, for methods that read them; null for none
     * @return a line for each map
     * @throws IllegalArgumentException if a pattern matches nothing, the method needs texts, or a
     *     map's sizes do not fit; the model may then be packed in part
     */
    public List<MapReport> apply(Part model, Batches texts, Loss loss) {
        if (texts == null && method.readsInputs()) {
            throw new IllegalArgumentException(
                    "texts must be given for this method, got method=" + method);
        }
        Set<String> paths = QuantizationAware.matching(model, targets);
        List<MapReport> reports = new ArrayList<>();
        for (Set<String> stage : stages(paths)) {
            reports.addAll(pack(model, stage, texts, method.readsGradients() ? loss : null));
        }
        return reports;
    }

    // One layer at a time; maps outside layers together with their neighbours.
    private List<Set<String>> stages(Set<String> paths) {
        if (!method.readsInputs()) {
            return List.of(paths);
        }
        Map<String, Set<String>> stages = new LinkedHashMap<>();
        for (String path : paths) {
            Matcher layer = LAYER.matcher(path);
            String stage = layer.lookingAt() ? layer.group() : "";
            stages.computeIfAbsent(stage, key -> new LinkedHashSet<>()).add(path);
        }
        return new ArrayList<>(stages.values());
    }

    private List<MapReport> pack(Part model, Set<String> stage, Batches texts, Loss loss) {
        List<MapReport> reports = new ArrayList<>();
        try (NDManager scope = owner(model).newSubManager()) {
            Map<String, InputStatistics> statistics =
                    texts == null ? Map.of() : new Calibration(model, texts, scope).of(stage, loss);
            try (GradientMode off = GradientMode.off()) {
                model.replaceParts(
                        (path, block) -> {
                            if (!(block instanceof Linear base) || !stage.contains(path)) {
                                return block;
                            }
                            PackedLinear packed = packed(path, base, statistics.get(path));
                            reports.add(report(path, base, packed, statistics.get(path)));
                            return packed;
                        });
            }
        }
        return reports;
    }

    private static NDManager owner(Part model) {
        return model.getParameters().values().get(0).getArray().getManager();
    }

    private PackedLinear packed(String path, Linear base, InputStatistics statistics) {
        try {
            return method.pack(base, statistics);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    private static MapReport report(
            String path, Linear base, PackedLinear packed, InputStatistics statistics) {
        NDArray weight = base.weight().getArray();
        try (NDManager scope = weight.getManager().newSubManager();
                NDArray replaced = packed.weight()) {
            NDArray plain = scope.eye(base.in()).toType(DataType.FLOAT64, false);
            double weightError = PostTrainingKernel.outputError(weight, replaced, plain);
            double outputError =
                    statistics == null
                            ? Double.NaN
                            : PostTrainingKernel.outputError(weight, replaced, statistics.second());
            return new MapReport(
                    path, base.out(), base.in(), packed.bytes(), weightError, outputError);
        }
    }

    /** The linear maps of a model that are not packed, for patterns. */
    public static Set<String> candidates(Part model) {
        return Adapters.linearPaths(model);
    }
}
