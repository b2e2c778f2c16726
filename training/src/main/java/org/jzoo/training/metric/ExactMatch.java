package org.jzoo.training.metric;

import java.util.List;
import java.util.function.UnaryOperator;

/** The fraction of predicted texts that equal one of their accepted answers, 0 … 1. */
public final class ExactMatch implements Metric {

    private final UnaryOperator<String> normalizer;
    private long hits;
    private long count;

    private ExactMatch(UnaryOperator<String> normalizer) {
        this.normalizer = normalizer;
    }

    /** Compares texts character by character. */
    public static ExactMatch strict() {
        return new ExactMatch(UnaryOperator.identity());
    }

    /**
     * Compares texts as SQuAD does: lower case, without ASCII punctuation, without the articles a,
     * an and the, with runs of white space as one space.
     *
     * @see <a href="https://arxiv.org/abs/1606.05250">Rajpurkar et al. 2016, SQuAD</a>, section 6.1
     */
    public static ExactMatch normalized() {
        return new ExactMatch(AnswerText::normalize);
    }

    @Override
    public String name() {
        return "exactMatch";
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    /**
     * Adds one batch.
     *
     * @param predicted one text for each example
     * @param accepted for each example the answers of which any one counts as a hit
     * @throws IllegalArgumentException if the lengths differ
     */
    public void add(List<String> predicted, List<List<String>> accepted) {
        Pairs.checkLengths(predicted.size(), accepted.size());
        for (int i = 0; i < predicted.size(); i++) {
            String text = normalizer.apply(predicted.get(i));
            if (accepted.get(i).stream().map(normalizer).anyMatch(text::equals)) {
                hits++;
            }
        }
        count += predicted.size();
    }

    @Override
    public double value() {
        return count == 0 ? Double.NaN : (double) hits / count;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void reset() {
        hits = 0;
        count = 0;
    }
}
