package org.jzoo.training.tuning;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jzoo.blocks.adapter.LoraConfig;
import org.jzoo.blocks.adapter.LoraLinear;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.linear.LinearMap;
import org.jzoo.blocks.part.ParameterPaths;
import org.jzoo.blocks.part.Part;
import org.jzoo.blocks.quantization.QuantizedLinear;
import org.jzoo.blocks.quantization.ScaleRule;
import org.jzoo.blocks.quantization.WeightGrid;

/**
 * Low-rank adapters learn beside frozen linear maps.
 *
 * <p>A matched map that learns anyway, because its weight matches {@code trainable}, gets no
 * adapter.
 *
 * @param lora the adapters' numbers
 * @param targets patterns of paths of linear maps ("*.query"), where {@code *} stands for any
 *     characters, dots included; at least one
 * @param trainable patterns of parameter paths that learn in full, such as the head's; may match
 *     nothing
 * @param base the grid that every linear map outside {@code trainable} is rounded to and packed in
 *     before it gets its adapter; null leaves maps as they are, packed ones included
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al. 2021, LoRA</a>
 * @see <a href="https://arxiv.org/abs/2305.14314">Dettmers et al. 2023, QLoRA</a>; our grids are
 *     uniform
 */
public record LoraTuning(
        LoraConfig lora, List<String> targets, List<String> trainable, WeightGrid base)
        implements Tuning {

    /** The targets of the paper's main experiments. */
    public static final List<String> QUERY_AND_VALUE = List.of("*.query", "*.value");

    /** Every linear map outside the trainable patterns. */
    public static final List<String> ALL_LINEAR = List.of("*");

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there is no target
     */
    public LoraTuning {
        Objects.requireNonNull(lora, "lora");
        targets = List.copyOf(targets);
        trainable = List.copyOf(trainable);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException(
                    "targets must have a pattern, got targets=" + targets);
        }
    }

    /** Adapters of this rank on queries and values, α = 2 · rank, no dropout; and the head. */
    public static LoraTuning of(int rank) {
        return new LoraTuning(
                new LoraConfig(rank, 2.0 * rank, 0, false), QUERY_AND_VALUE, List.of(HEAD), null);
    }

    /** The same adapters on other linear maps. */
    public LoraTuning withTargets(List<String> newTargets) {
        return new LoraTuning(lora, newTargets, trainable, base);
    }

    /** The same adapters beside other parameters that learn in full. */
    public LoraTuning withTrainable(List<String> newTrainable) {
        return new LoraTuning(lora, targets, newTrainable, base);
    }

    /** The same adapters beside maps that are packed; null for maps as they are. */
    public LoraTuning withBase(WeightGrid newBase) {
        return new LoraTuning(lora, targets, trainable, newBase);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if maps are to be packed that have no weights yet
     */
    @Override
    public void apply(Part model) {
        Set<String> maps = Adapters.adaptablePaths(model);
        PathPatterns.requireMatches("targets", targets, maps, "linear maps");
        if (base != null) {
            pack(model);
        }
        model.replaceParts(
                (path, block) ->
                        block instanceof LinearMap map
                                        && PathPatterns.anyMatches(targets, path)
                                        && !learns(path)
                                ? adapted(map)
                                : block);
        PatternTuning.freezeOthers(model, trainable);
        Adapters.of(model).forEach(this::unfreeze);
    }

    private boolean learns(String path) {
        return PathPatterns.anyMatches(trainable, path + ".weight");
    }

    // The weights that were packed are freed, unless somebody shares them.
    private void pack(Part model) {
        List<Linear> packed = new ArrayList<>();
        model.replaceParts(
                (path, block) -> {
                    if (!(block instanceof Linear map) || learns(path)) {
                        return block;
                    }
                    if (!map.weight().isInitialized()) {
                        throw new IllegalStateException(
                                "maps must have weights before they are packed, got none in "
                                        + path);
                    }
                    packed.add(map);
                    return new QuantizedLinear(map, base, ScaleRule.RANGE).pack();
                });
        Collection<Parameter> left = ParameterPaths.of(model).values();
        packed.stream()
                .flatMap(map -> map.getDirectParameters().values().stream())
                .filter(parameter -> !left.contains(parameter))
                .forEach(Parameter::close);
    }

    private void unfreeze(String path, LoraLinear adapter) {
        adapter.loraA().freeze(false);
        adapter.loraB().freeze(false);
        if (PathPatterns.anyMatches(trainable, path + ".base.bias")) {
            adapter.base().bias().freeze(false);
        }
    }

    private Block adapted(LinearMap map) {
        LoraLinear adapter = new LoraLinear(map, lora);
        if (map.isInitialized()) {
            Parameter first = map.getDirectParameters().valueAt(0);
            adapter.initializeAdapter(first.getArray().getManager());
        }
        return adapter;
    }
}
