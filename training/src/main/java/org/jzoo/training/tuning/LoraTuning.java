package org.jzoo.training.tuning;

import ai.djl.nn.Block;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jzoo.blocks.adapter.LoraConfig;
import org.jzoo.blocks.adapter.LoraLinear;
import org.jzoo.blocks.linear.Linear;
import org.jzoo.blocks.part.Part;

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
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al. 2021, LoRA</a>
 */
public record LoraTuning(LoraConfig lora, List<String> targets, List<String> trainable)
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
                new LoraConfig(rank, 2.0 * rank, 0, false), QUERY_AND_VALUE, List.of(HEAD));
    }

    /** The same adapters on other linear maps. */
    public LoraTuning withTargets(List<String> newTargets) {
        return new LoraTuning(lora, newTargets, trainable);
    }

    /** The same adapters beside other parameters that learn in full. */
    public LoraTuning withTrainable(List<String> newTrainable) {
        return new LoraTuning(lora, targets, newTrainable);
    }

    @Override
    public void apply(Part model) {
        Set<String> linear = Adapters.linearPaths(model);
        PathPatterns.requireMatches("targets", targets, linear, "linear maps");
        model.replaceParts(
                (path, block) ->
                        block instanceof Linear base
                                        && PathPatterns.anyMatches(targets, path)
                                        && !PathPatterns.anyMatches(trainable, path + ".weight")
                                ? adapted(base)
                                : block);
        PatternTuning.freezeOthers(model, trainable);
        Adapters.of(model).forEach(this::unfreeze);
    }

    private void unfreeze(String path, LoraLinear adapter) {
        adapter.loraA().freeze(false);
        adapter.loraB().freeze(false);
        if (PathPatterns.anyMatches(trainable, path + ".base.bias")) {
            adapter.base().bias().freeze(false);
        }
    }

    private Block adapted(Linear base) {
        LoraLinear adapter = new LoraLinear(base, lora);
        if (base.weight().isInitialized()) {
            adapter.initializeAdapter(base.weight().getArray().getManager());
        }
        return adapter;
    }
}
