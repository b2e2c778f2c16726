package org.jzoo.training.metric;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * How the precision, recall or F1 of several classes become one figure. Only classes that occur,
 * expected or predicted, take part.
 */
public enum Averaging {
    /** The plain mean over classes: rare classes count as much as frequent ones. */
    MACRO {
        @Override
        double of(ConfusionMatrix matrix, ToDoubleFunction<HitCounts> score) {
            double sum = 0;
            int numOccurring = 0;
            for (int c = 0; c < matrix.numClasses(); c++) {
                HitCounts hits = matrix.hits(c);
                if (hits.support() + hits.falsePositives() > 0) {
                    sum += score.applyAsDouble(hits);
                    numOccurring++;
                }
            }
            return sum / numOccurring;
        }
    },

    /** The figure of the counts summed over classes; with one label an example it is accuracy. */
    MICRO {
        @Override
        double of(ConfusionMatrix matrix, ToDoubleFunction<HitCounts> score) {
            HitCounts sum = new HitCounts(0, 0, 0);
            for (int c = 0; c < matrix.numClasses(); c++) {
                sum = sum.plus(matrix.hits(c));
            }
            return score.applyAsDouble(sum);
        }
    },

    /** The mean over classes weighted by how many examples have the class as the expected one. */
    WEIGHTED {
        @Override
        double of(ConfusionMatrix matrix, ToDoubleFunction<HitCounts> score) {
            double sum = 0;
            for (int c = 0; c < matrix.numClasses(); c++) {
                HitCounts hits = matrix.hits(c);
                sum += hits.support() * score.applyAsDouble(hits);
            }
            return sum / matrix.total();
        }
    };

    /** The average over a matrix that is not empty. */
    abstract double of(ConfusionMatrix matrix, ToDoubleFunction<HitCounts> score);

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
