package org.jzoo.examples.finetune;

import ai.djl.Device;
import java.util.Locale;
import java.util.Map;
import org.jzoo.training.loop.TrainingResult;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.report.GpuMemory;
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

    /**
     * How long training took and, on a GPU, at what speed and in how much of its memory, as words;
     * to be asked for before other work is done there.
     */
    public String time(Device device) {
        String time =
                String.format(
                        Locale.ROOT,
                        "%.0f s, %,.0f tokens/s",
                        training.wholeSeconds(),
                        training.tokensPerSecond());
        return new GpuMemory()
                .held(device)
                .map(held -> time + "; the process held " + held + " of the GPU's memory")
                .orElse(time);
    }

    /** The same with other metrics on the test data. */
    public FineTuned withTest(Map<String, Double> metrics) {
        return new FineTuned(model, training, metrics, confusion, parameters, truncation);
    }

    @Override
    public void close() {
        model.close();
    }
}
