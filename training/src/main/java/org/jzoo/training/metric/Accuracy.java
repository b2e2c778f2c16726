package org.jzoo.training.metric;

import java.util.List;

/** The fraction of examples whose class was predicted, 0 … 1. */
public final class Accuracy extends ConfusionMetric {

    /** Creates the metric {@code accuracy} for the classes {@code labels}. */
    public Accuracy(List<String> labels) {
        super("accuracy", labels, ConfusionMatrix::accuracy);
    }
}
