package org.jzoo.training.metric;

/**
 * {@code exp(Σ negative log-likelihood / number of tokens)}, at least 1 for a probability model:
 * how many equally likely tokens the model hesitates between.
 *
 * <p>Batches count by their tokens, not once each: the mean of the batches' mean losses would weigh
 * short batches too much.
 */
public final class Perplexity implements Metric {

    private double sum;
    private long count;

    /** Creates the metric {@code perplexity}. */
    public Perplexity() {}

    @Override
    public String name() {
        return "perplexity";
    }

    @Override
    public boolean higherIsBetter() {
        return false;
    }

    /**
     * Adds one batch.
     *
     * @param summedLoss the negative log-likelihood in nats, summed over the batch's tokens
     * @param numTokens how many tokens were predicted, at least 0
     */
    public void add(double summedLoss, long numTokens) {
        if (numTokens < 0) {
            throw new IllegalArgumentException(
                    "numTokens must be >= 0, got numTokens=" + numTokens);
        }
        sum += summedLoss;
        count += numTokens;
    }

    @Override
    public double value() {
        return count == 0 ? Double.NaN : Math.exp(sum / count);
    }

    /** The mean negative log-likelihood of a token, in nats. */
    public double meanLoss() {
        return count == 0 ? Double.NaN : sum / count;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void reset() {
        sum = 0;
        count = 0;
    }
}
