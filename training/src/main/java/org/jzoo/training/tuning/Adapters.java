package org.jzoo.training.tuning;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jzoo.blocks.adapter.LoraLinear;
import org.jzoo.blocks.kernel.GradientMode;
import org.jzoo.blocks.kernel.OptimizerKernel;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.linear.LinearMap;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;

/** What a tuned model holds beyond its pretrained weights. */
public final class Adapters {

    private Adapters() {}

    /** The adapters of a model by the path of the map that each wraps, in order. */
    public static Map<String, LoraLinear> of(Part model) {
        Map<String, LoraLinear> adapters = new LinkedHashMap<>();
        collect("", model, LoraLinear.class, adapters);
        return adapters;
    }

    /** The paths of all linear maps that are neither wrapped nor packed, in order. */
    public static Set<String> linearPaths(Part model) {
        Map<String, Linear> maps = new LinkedHashMap<>();
        collect("", model, Linear.class, maps);
        return maps.keySet();
    }

    /** The paths of all maps that adapters can stand beside, packed ones included, in order. */
    static Set<String> adaptablePaths(Part model) {
        Map<String, LinearMap> maps = new LinkedHashMap<>();
        collect("", model, LinearMap.class, maps);
        return maps.keySet();
    }

    private static <B extends Block> void collect(
            String prefix, Part part, Class<B> type, Map<String, B> found) {
        part.parts()
                .forEach(
                        (name, child) -> {
                            if (type.isInstance(child)) {
                                found.put(prefix + name, type.cast(child));
                            } else if (child instanceof Part inner
                                    && !(inner instanceof LoraLinear)) {
                                collect(prefix + name + ".", inner, type, found);
                            }
                        });
    }

    /**
     * The parameters that learn, by path: after {@link LoraTuning} the adapters and the head, all
     * that has to be saved beside the pretrained model.
     */
    public static Map<String, Parameter> state(Part model) {
        Map<String, Parameter> state = new LinkedHashMap<>();
        ParameterPaths.of(model)
                .forEach(
                        (path, parameter) -> {
                            if (parameter.requiresGradient() && !state.containsValue(parameter)) {
                                state.put(path, parameter);
                            }
                        });
        return state;
    }

    /**
     * Overwrites the parameters that learn, all of them or none.
     *
     * @param values by path, as {@link #state} names them, each of its parameter's shape
     * @throws IllegalArgumentException if a path is missing or unknown or a shape differs; the
     *     message lists them
     */
    public static void load(Part model, Map<String, NDArray> values) {
        Map<String, Parameter> state = state(model);
        Set<String> faults = new TreeSet<>();
        state.forEach(
                (path, parameter) -> {
                    NDArray value = values.get(path);
                    if (value == null) {
                        faults.add("missing " + path + " " + parameter.getShape());
                    } else if (!value.getShape().equals(parameter.getShape())) {
                        faults.add(
                                "%s must have shape %s, got %s"
                                        .formatted(path, parameter.getShape(), value.getShape()));
                    }
                });
        values.keySet().stream()
                .filter(path -> !state.containsKey(path))
                .forEach(path -> faults.add("unexpected " + path));
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    "the adapter must be one of this model: " + String.join("; ", faults));
        }
        try (GradientMode off = GradientMode.off()) {
            OptimizerKernel.copy(
                    state.keySet().stream().map(values::get).toArray(NDArray[]::new),
                    state.values().stream().map(Parameter::getArray).toArray(NDArray[]::new));
        }
    }

    /**
     * Adds each adapter's update to the weight it stands beside and puts the plain linear map back:
     * the same function at the pretrained model's cost. Where the weight is packed, the sum is a
     * new one in float32.
     */
    public static void merge(Part model) {
        model.replaceParts(
                (path, block) -> block instanceof LoraLinear adapter ? adapter.merge() : block);
    }
}
