package org.jzoo.examples.finetune;

import ai.djl.nn.Block;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.datasets.text.LabelSet;
import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.ModelEvaluation;
import org.jzoo.training.loss.CrossEntropy;
import org.jzoo.training.loss.SquaredError;
import org.jzoo.training.metric.Accuracy;
import org.jzoo.training.metric.Averaging;
import org.jzoo.training.metric.ClassMetric;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.metric.F1;
import org.jzoo.training.metric.MatthewsCorrelation;
import org.jzoo.training.metric.PearsonCorrelation;
import org.jzoo.training.metric.SpearmanCorrelation;

/**
 * Measures a model on labelled texts, or questions with answers: loss, accuracy, F1 (of the second
 * of two classes, or the mean over classes) and Matthews' correlation; for numbers loss, Pearson's
 * and Spearman's correlation.
 */
public final class Judge {

    private static final int BATCH = 64;

    private final ModelEvaluation evaluation;
    private final ConfusionMatrix confusion;

    private Judge(ModelEvaluation evaluation, ConfusionMatrix confusion) {
        this.evaluation = evaluation;
        this.confusion = confusion;
    }

    /** A data set in the batches in which it is judged. */
    public static Batches batches(EncodedDataset set) {
        return new TextBatches(set, BatchingConfig.evaluation(BATCH));
    }

    /**
     * A judge by a data set.
     *
     * @param labels the classes; null if labels are numbers
     */
    public static Judge of(EncodedDataset set, LabelSet labels) {
        return of(batches(set), labels);
    }

    /**
     * A judge by batches.
     *
     * @param labels the classes; null if labels are numbers
     */
    public static Judge of(Batches batches, LabelSet labels) {
        if (labels == null) {
            return new Judge(
                    new ModelEvaluation(batches, new SquaredError())
                            .with(new PearsonCorrelation(), new SpearmanCorrelation()),
                    null);
        }
        List<String> names = labels.names();
        ConfusionMatrix confusion = new ConfusionMatrix(names);
        return new Judge(
                new ModelEvaluation(batches, new CrossEntropy())
                        .with(metrics(names).toArray(ClassMetric[]::new))
                        .counting(confusion),
                confusion);
    }

    /** What labels are measured by. */
    static List<ClassMetric> metrics(List<String> names) {
        F1 f1 =
                names.size() == 2
                        ? F1.ofClass(names, names.get(1))
                        : F1.averaged(names, Averaging.MACRO);
        return List.of(new Accuracy(names), f1, new MatthewsCorrelation(names));
    }

    /** The evaluation, for a training loop. */
    public ModelEvaluation evaluation() {
        return evaluation;
    }

    /** Measures. */
    public Map<String, Double> evaluate(Block model, Precision precision) {
        return evaluation.evaluate(model, precision);
    }

    /** What the last evaluation counted; null for numbers. */
    public ConfusionMatrix confusion() {
        return confusion;
    }
}
