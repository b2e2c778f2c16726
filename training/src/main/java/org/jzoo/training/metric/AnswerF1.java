package org.jzoo.training.metric;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The mean overlap in words of predicted answers with accepted ones, 0 … 1: the F1 of the words as
 * bags, 2·common / (predicted + accepted), of the accepted answer that fits best, after SQuAD's
 * normalisation. Two answers without words agree.
 *
 * @see ExactMatch#normalized
 * @see <a href="https://arxiv.org/abs/1606.05250">Rajpurkar et al. 2016, SQuAD</a>, section 6.1
 */
public final class AnswerF1 implements Metric {

    private double sum;
    private long count;

    @Override
    public String name() {
        return "answerF1";
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    /**
     * Adds one batch.
     *
     * @param predicted one text for each example
     * @param accepted for each example the answers of which the best counts, at least one
     * @throws IllegalArgumentException if the lengths differ
     */
    public void add(List<String> predicted, List<List<String>> accepted) {
        Pairs.checkLengths(predicted.size(), accepted.size());
        for (int i = 0; i < predicted.size(); i++) {
            List<String> words = AnswerText.words(predicted.get(i));
            sum +=
                    accepted.get(i).stream()
                            .mapToDouble(answer -> f1(words, AnswerText.words(answer)))
                            .max()
                            .orElse(0);
        }
        count += predicted.size();
    }

    private static double f1(List<String> predicted, List<String> accepted) {
        if (predicted.isEmpty() || accepted.isEmpty()) {
            return predicted.equals(accepted) ? 1 : 0;
        }
        Map<String, Integer> left = new HashMap<>();
        accepted.forEach(word -> left.merge(word, 1, Integer::sum));
        int common = 0;
        for (String word : predicted) {
            if (left.merge(word, -1, Integer::sum) >= 0) {
                common++;
            }
        }
        return 2.0 * common / (predicted.size() + accepted.size());
    }

    @Override
    public double value() {
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
