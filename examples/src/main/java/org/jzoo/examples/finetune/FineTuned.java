package org.jzoo.examples.finetune;

import java.util.Map;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * What fine-tuning yields. Closing it frees the model.
 *
 * @param model with plain weights, adapters merged
 * @param training how training ended
 * @param test metrics on the test data by name; empty without test data or when interrupted
 * @param confusion of the test data; null for numbers or without test data
 * @param parameters the line that counts trainable parameters
 * @param truncation what truncation cut off the training data, as a sentence
 */
public record FineTuned(
        LoadedModel model,
        TrainingResult training,
        Map<String, Double> test,
        ConfusionMatrix confusion,
        String parameters,
        String truncation)
        implements AutoCloseable {

    @Override
    public void close() {
        model.close();
    }
}
