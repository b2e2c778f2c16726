package org.jzoo.training.tuning;

import org.jzoo.blocks.part.Part;

/** Every parameter learns that the model declares to be a learner. */
public record FullTuning() implements Tuning {

    @Override
    public void apply(Part model) {
        // A model's own declarations already say so.
    }
}
