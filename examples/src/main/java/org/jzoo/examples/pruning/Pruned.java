package org.jzoo.examples.pruning;

import java.util.Map;
import org.jzoo.training.compression.pruning.SparseWeights;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * A model of which something is left out.
 *
 * @param model the model
 * @param zeros its weights that are 0; null if it is smaller instead
 * @param during what goes on pruning while it trains
 * @param steps of training that are left
 * @param plan what is left, in words
 * @param lessons in its tokens
 */
record Pruned(
        LoadedModel model,
        SparseWeights zeros,
        TrainingCallback during,
        int steps,
        String plan,
        TaughtTask lessons)
        implements AutoCloseable {

    static final String TOKENS = "encoder.tokens.";
    static final String TOKEN_MAP = "encoder.tokenMap.";

    /** A smaller model. */
    static Pruned smaller(LoadedModel model, int steps, String plan, TaughtTask lessons) {
        return new Pruned(model, null, new TrainingCallback() {}, steps, plan, lessons);
    }

    /** Weights that are not 0. */
    long weights() {
        return model.numParameters() - numZeros();
    }

    /** Weights of the token table, or of the layers, that are not 0. */
    long weights(boolean tokens) {
        return tokens ? ofTokens(model) : ofLayers(model) - numZeros();
    }

    private long numZeros() {
        return zeros == null ? 0 : zeros.zeros();
    }

    static long ofTokens(LoadedModel model) {
        return count(model, TOKENS) + count(model, TOKEN_MAP);
    }

    static long ofLayers(LoadedModel model) {
        return count(model, ".layers.");
    }

    private static long count(LoadedModel model, String part) {
        return model.parameters().entrySet().stream()
                .filter(e -> e.getKey().contains(part))
                .map(Map.Entry::getValue)
                .mapToLong(p -> p.getArray().getShape().size())
                .sum();
    }

    @Override
    public void close() {
        if (zeros != null) {
            zeros.close();
        }
        model.close();
    }
}
