package org.jzoo.zoo.generation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Chooses the next token of one row. It draws from its own generator, seeded by the configuration
 * and the row's number, so that what other rows do changes nothing.
 */
final class TokenChoice {

    private final GenerationConfig config;
    private final Random random;

    TokenChoice(GenerationConfig config, int row) {
        this.config = config;
        random = new Random(31 * config.seed() + row);
    }

    /**
     * Chooses.
     *
     * @param logits of the tokens; changed
     * @param before the tokens that are there already
     */
    int next(float[] logits, long... before) {
        if (config.repetitionPenalty() > 1) {
            penalize(logits, before);
        }
        return config.temperature() == 0 ? mostProbable(logits) : draw(logits);
    }

    private void penalize(float[] logits, long... before) {
        float penalty = (float) config.repetitionPenalty();
        Arrays.stream(before)
                .distinct()
                .forEach(
                        token -> {
                            float logit = logits[(int) token];
                            logits[(int) token] = logit > 0 ? logit / penalty : logit * penalty;
                        });
    }

    private static int mostProbable(float... logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    private int draw(float... logits) {
        int[] order = order(logits);
        double[] weights = new double[order.length];
        double highest = logits[order[0]];
        double sum = 0;
        for (int i = 0; i < order.length; i++) {
            weights[i] = Math.exp((logits[order[i]] - highest) / config.temperature());
            sum += weights[i];
        }
        int kept = nucleus(weights, sum);
        double rest = random.nextDouble() * Arrays.stream(weights, 0, kept).sum();
        int i = 0;
        while (i < kept - 1 && rest >= weights[i]) {
            rest -= weights[i++];
        }
        return order[i];
    }

    /** The tokens to draw among, most probable first where that matters. */
    private int[] order(float... logits) {
        if (config.topK() == 0 && config.topP() == 1) {
            int best = mostProbable(logits);
            int[] order = IntStream.range(0, logits.length).toArray();
            order[0] = best;
            order[best] = 0;
            return order;
        }
        int[] order =
                IntStream.range(0, logits.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -logits[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        return config.topK() == 0
                ? order
                : Arrays.copyOf(order, Math.min(config.topK(), order.length));
    }

    /** How many of the weights reach the probability that is asked for, at least one. */
    private int nucleus(double[] weights, double sum) {
        if (config.topP() == 1) {
            return weights.length;
        }
        double reached = 0;
        for (int i = 0; i < weights.length; i++) {
            reached += weights[i] / sum;
            if (reached >= config.topP()) {
                return i + 1;
            }
        }
        return weights.length;
    }
}
