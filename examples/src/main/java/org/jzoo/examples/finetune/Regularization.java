package org.jzoo.examples.finetune;

import org.jzoo.training.loop.Batches;
import org.jzoo.training.loop.Perturbation;
import org.jzoo.training.loop.TrainingConfig;
import org.jzoo.training.loss.Loss;
import org.jzoo.training.regularization.Agreement;
import org.jzoo.training.regularization.DoubledBatches;

/**
 * What keeps a model from learning its training texts by heart; 0 stands for without.
 *
 * @param smoothing share of a label that is spread over all labels, in [0, 1); numbers have none
 * @param averaging decay of an {@link TrainingConfig#averaging() average of the weights}, in [0, 1)
 * @param agreement how much two dropouts of a text must {@link Agreement agree}, not negative
 * @param perturbation how far {@link Perturbation word embeddings are moved} against the model, not
 *     negative; they must be among what learns
 */
public record Regularization(
        double smoothing, double averaging, double agreement, double perturbation) {

    /** Nothing of the kind. */
    public static final Regularization NONE = new Regularization(0, 0, 0, 0);

    private static final String WORDS = "encoder.tokens.*";

    /**
     * Validates what the training classes do not see.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    public Regularization {
        if (!(smoothing >= 0 && averaging >= 0 && agreement >= 0 && perturbation >= 0)) {
            throw new IllegalArgumentException(
                    "smoothing, averaging, agreement and perturbation must be >= 0, got"
                            + " smoothing=%s, averaging=%s, agreement=%s, perturbation=%s"
                                    .formatted(smoothing, averaging, agreement, perturbation));
        }
    }

    /** The same with another smoothing. */
    public Regularization withSmoothing(double value) {
        return new Regularization(value, averaging, agreement, perturbation);
    }

    /** The same with another averaging. */
    public Regularization withAveraging(double value) {
        return new Regularization(smoothing, value, agreement, perturbation);
    }

    /** The same with another agreement. */
    public Regularization withAgreement(double value) {
        return new Regularization(smoothing, averaging, value, perturbation);
    }

    /** The same with another perturbation. */
    public Regularization withPerturbation(double value) {
        return new Regularization(smoothing, averaging, agreement, value);
    }

    /** What is used, each after a comma, such as ", averaging 0.999"; empty for nothing. */
    public String words() {
        return words("smoothing", smoothing)
                + words("averaging", averaging)
                + words("agreement", agreement)
                + words("perturbation", perturbation);
    }

    private static String words(String name, double value) {
        return value == 0 ? "" : ", %s %s".formatted(name, value);
    }

    Loss over(Loss loss) {
        return agreement == 0 ? loss : new Agreement(loss, agreement);
    }

    Batches over(Batches batches) {
        return agreement == 0 ? batches : new DoubledBatches(batches);
    }

    TrainingConfig.Builder into(TrainingConfig.Builder training) {
        return training.optAveraging(averaging)
                .optPerturbation(perturbation == 0 ? null : new Perturbation(WORDS, perturbation));
    }
}
