package org.jzoo.examples.compress;

import java.util.Objects;
import org.jzoo.examples.finetune.FineTuneConfig;

/**
 * How a tuned model is made smaller.
 *
 * @param share of the model's weights that may stay, in (0, 1]
 * @param fewerTokens whether tokens that the training texts do not use are left out
 * @param labelShare of the labels in the loss, against what the whole model says, in [0, 1]
 * @param temperature of both models' answers, above 0
 * @param importanceBatches batches of eight texts by which importance is measured, at least 1
 * @param training how the smaller model learns; its model is the one to be made smaller
 */
public record CompressConfig(
        double share,
        boolean fewerTokens,
        double labelShare,
        double temperature,
        int importanceBatches,
        FineTuneConfig training) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public CompressConfig {
        Objects.requireNonNull(training, "training");
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be in (0, 1], got share=" + share);
        }
        if (!(labelShare >= 0 && labelShare <= 1) || !(temperature > 0) || importanceBatches < 1) {
            throw new IllegalArgumentException(
                    "labelShare must be in [0, 1], temperature > 0 and importanceBatches >= 1, got labelShare=%s, temperature=%s, importanceBatches=%d"
                            .formatted(labelShare, temperature, importanceBatches));
        }
    }
}
