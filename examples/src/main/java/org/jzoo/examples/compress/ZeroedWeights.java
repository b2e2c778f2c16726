package org.jzoo.examples.compress;

import java.util.List;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.compression.pruning.SparseWeights;
import org.jzoo.training.compression.pruning.SparsityRule;
import org.jzoo.training.loop.RunStart;
import org.jzoo.training.loop.StepReport;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.training.loop.TrainingResult;

/**
 * Lets single weights of a model's layers be 0 from the first step of its training on, as a rule
 * says of the weights at its start: a training that goes on finds its zeros again, which are the
 * smallest.
 */
final class ZeroedWeights implements TrainingCallback {

    private static final List<String> LAYERS = List.of("*.layers.*");

    private final Part model;
    private final SparsityRule rule;
    private SparseWeights weights;

    ZeroedWeights(Part model, SparsityRule rule) {
        this.model = model;
        this.rule = rule;
    }

    @Override
    public void onStart(RunStart start) {
        weights = SparseWeights.of(model, rule, LAYERS);
    }

    @Override
    public void onStep(StepReport step) {
        weights.apply();
    }

    // Also where the best weights were put back.
    @Override
    public void onEnd(TrainingResult result) {
        weights.apply();
        weights.close();
    }

    @Override
    public void onFailure(RuntimeException cause) {
        if (weights != null) {
            weights.close();
        }
    }
}
