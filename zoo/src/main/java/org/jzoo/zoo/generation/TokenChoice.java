package org.jzoo.zoo.generation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Chooses the next token of one row. It draws from its own generator, seeded by the configuration
 * and the row's number, so that what other rows do changes nothing.
 */
public final class TokenChoice {

    private final GenerationConfig config;
    private final SplittableRandom random;

    /**
     * Starts drawing.
     *
     * @param config how to choose
     * @param row its number among those that are continued together
     */
    public TokenChoice(GenerationConfig config, int row) {
        this.config = config;
        // Generators of neighbouring seeds must not begin alike, as java.util.Random's do.
        random = new SplittableRandom(new SplittableRandom(config.seed()).nextLong() + row);
    }

    /**
     * Chooses.
     *
     * @param logits of the tokens; changed
     * @param before the tokens that are there already
     * @throws IllegalStateException if a logit is no number
     */
    public int next(float[] logits, long... before) {
        check(logits);
        if (config.repetitionPenalty() > 1) {
            penalize(logits, before);
        }
        return config.temperature() == 0 ? mostProbable(logits) : draw(logits);
    }

    private static void check(float... logits) {
        for (int token = 0; token < logits.length; token++) {
            if (!(logits[token] < Float.POSITIVE_INFINITY)) {
                throw new IllegalStateException(
                        "logits must be numbers, got %s for token %d: the weights are damaged or overflow"
                                .formatted(logits[token], token));
            }
        }
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
        boolean all = config.topK() == 0 || config.topK() >= logits.length;
        long[] keys = all ? keys(logits) : leastKeys(logits, config.topK());
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    private static long[] keys(float... logits) {
        long[] keys = new long[logits.length];
        for (int token = 0; token < keys.length; token++) {
            keys[token] = key(logits[token], token);
        }
        return keys;
    }

    private static long[] leastKeys(float[] logits, int count) {
        PriorityQueue<Long> kept = new PriorityQueue<>(count, Comparator.reverseOrder());
        for (int token = 0; token < logits.length; token++) {
            long key = key(logits[token], token);
            if (kept.size() < count) {
                kept.add(key);
            } else if (key < kept.element()) {
                kept.remove();
                kept.add(key);
            }
        }
        return kept.stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * The higher the logit, the less the key, and of equals the first; its low bits are the token.
     */
    private static long key(float logit, int token) {
        int bits = Float.floatToIntBits(logit);
        int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) ~ascending << 32) | token;
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
