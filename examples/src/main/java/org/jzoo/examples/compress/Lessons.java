package org.jzoo.examples.compress;

import java.io.IOException;
import java.util.Map;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.examples.finetune.Teaching;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.zoo.registry.LoadedModel;

/** What a model that is made smaller is measured by, learns from and is judged by. */
public interface Lessons {

    /** A model without what the training data never use; the model itself if they use all of it. */
    default LoadedModel trimmed(LoadedModel whole) throws IOException {
        return whole;
    }

    /**
     * How often each token of a model occurs in the training texts, (V).
     *
     * @throws IllegalArgumentException if a narrower token table is not for such models
     */
    default long[] tokenCounts(LoadedModel model) throws IOException {
        throw new IllegalArgumentException(
                "tokenRank must be 0 for models that are no text encoders, got the architecture "
                        + model.config().architecture());
    }

    /**
     * What each part of a model's stacks contributes to the answers on training data, by path.
     *
     * @param batches how many batches of a few examples are looked at, at most
     */
    Map<String, StackImportance> importance(LoadedModel model, int batches) throws IOException;

    /**
     * A training of a smaller model.
     *
     * @param how it learns
     * @param student which the training's result hands back
     * @param teaching what it learns beside the labels; null for nothing
     */
    FineTuning training(FineTuneConfig how, LoadedModel student, Teaching teaching);

    /** How many examples the test data have; 0 without any. */
    long numTested();

    /** Metrics of a model on the test data, in float32; empty without any. */
    Map<String, Double> measure(LoadedModel model) throws IOException;
}
