package org.jzoo.training.metric;

import java.util.List;

/**
 * Matthews correlation between predicted and expected classes, −1 … 1; 0 for constant predictions
 * or a single expected class. See {@link ConfusionMatrix#matthewsCorrelation}.
 */
public final class MatthewsCorrelation extends ConfusionMetric {

    /** Creates the metric {@code matthews} for the classes {@code labels}. */
    public MatthewsCorrelation(List<String> labels) {
        super("matthews", labels, ConfusionMatrix::matthewsCorrelation);
    }
}
