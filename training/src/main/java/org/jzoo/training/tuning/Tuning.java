package org.jzoo.training.tuning;

import java.util.List;
import org.jzoo.blocks.part.Part;

/** A choice of what learns when a model is fine-tuned. */
public sealed interface Tuning permits FullTuning, PatternTuning, LoraTuning, FrozenLayers {

    /** The pattern of the parameters of a model's head. */
    String HEAD = "head.*";

    /**
     * Freezes what shall not learn and adds adapters where the choice asks for them. A parameter
     * that is no learner by its own declaration (a constant table) never becomes one.
     *
     * @param model with or without weights; adapters beside weights get their start values at once,
     *     in the weights' managers
     * @throws IllegalArgumentException if a pattern matches nothing; the message lists what there
     *     is to match
     */
    void apply(Part model);

    /** Everything learns. */
    static Tuning full() {
        return new FullTuning();
    }

    /** Only the head learns; the body stays as it is. */
    static Tuning headOnly() {
        return new PatternTuning(List.of(HEAD));
    }

    /** Adapters of this rank on queries and values, α = 2 · rank, no dropout; and the head. */
    static LoraTuning lora(int rank) {
        return LoraTuning.of(rank);
    }
}
