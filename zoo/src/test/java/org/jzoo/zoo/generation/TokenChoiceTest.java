package org.jzoo.zoo.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TokenChoiceTest {

    // Probabilities 1/10, 4/10, 2/10, 3/10.
    private static float[] logits() {
        return new float[] {0, (float) Math.log(4), (float) Math.log(2), (float) Math.log(3)};
    }

    private static double[] shares(GenerationConfig config, long... before) {
        TokenChoice choice = new TokenChoice(config, 0);
        double[] shares = new double[4];
        for (int i = 0; i < 20_000; i++) {
            shares[choice.next(logits(), before)] += 1 / 20_000.0;
        }
        return shares;
    }

    private static GenerationConfig.Builder drawn() {
        return GenerationConfig.builder().optTemperature(1).optSeed(5);
    }

    @Test
    void greedyTakesTheMostProbableAndTheFirstOfEquals() {
        TokenChoice choice = new TokenChoice(GenerationConfig.greedy(1), 0);
        assertEquals(1, choice.next(logits()));
        assertEquals(1, choice.next(new float[] {0, 7, 7, 1}));
    }

    @Test
    void drawsFollowTheProbabilities() {
        assertArrayEquals(new double[] {0.1, 0.4, 0.2, 0.3}, shares(drawn().build()), 0.015);
    }

    @Test
    void aTemperatureOfOneHalfSquaresTheProbabilities() {
        assertArrayEquals(
                new double[] {1 / 30.0, 16 / 30.0, 4 / 30.0, 9 / 30.0},
                shares(drawn().optTemperature(0.5).build()),
                0.015);
    }

    @Test
    void topKKeepsTheKMostProbable() {
        assertArrayEquals(
                new double[] {0, 4 / 7.0, 0, 3 / 7.0}, shares(drawn().optTopK(2).build()), 0.015);
    }

    @Test
    void topPKeepsTheFewestThatReachIt() {
        assertArrayEquals(
                new double[] {0, 4 / 9.0, 2 / 9.0, 3 / 9.0},
                shares(drawn().optTopP(0.71).build()),
                0.015);
        assertArrayEquals(new double[] {0, 1, 0, 0}, shares(drawn().optTopP(0.001).build()), 1e-9);
    }

    @Test
    void thePenaltyDividesPositiveAndMultipliesNegativeLogitsOnce() {
        GenerationConfig config = GenerationConfig.builder().optRepetitionPenalty(2).build();
        TokenChoice choice = new TokenChoice(config, 0);
        float[] logits = {-1, 3, 1.6f};
        assertEquals(2, choice.next(logits, 1, 1, 0));
        assertArrayEquals(new float[] {-2, 1.5f, 1.6f}, logits);
    }

    @Test
    void rowsDrawFromGeneratorsOfTheirOwnThatRepeat() {
        GenerationConfig config = drawn().build();
        TokenChoice[] same = {new TokenChoice(config, 1), new TokenChoice(config, 1)};
        int differing = 0;
        TokenChoice other = new TokenChoice(config, 2);
        for (int i = 0; i < 50; i++) {
            int token = same[0].next(logits());
            assertEquals(token, same[1].next(logits()));
            differing += token == other.next(logits()) ? 0 : 1;
        }
        assertEquals(true, differing > 10);
    }

    @Test
    void firstDrawsOfNeighbouringRowsAndSeedsFollowTheProbabilities() {
        double[] rows = new double[4];
        double[] seeds = new double[4];
        for (int i = 0; i < 4_000; i++) {
            rows[new TokenChoice(drawn().build(), i).next(logits())] += 1 / 4_000.0;
            seeds[new TokenChoice(drawn().optSeed(i).build(), 0).next(logits())] += 1 / 4_000.0;
        }
        assertArrayEquals(new double[] {0.1, 0.4, 0.2, 0.3}, rows, 0.03);
        assertArrayEquals(new double[] {0.1, 0.4, 0.2, 0.3}, seeds, 0.03);
    }

    @Test
    void topKOfEqualsKeepsTheFirst() {
        TokenChoice choice = new TokenChoice(drawn().optTopK(2).build(), 0);
        boolean[] drawn = new boolean[5];
        for (int i = 0; i < 200; i++) {
            drawn[choice.next(new float[] {-3, -2, -0.5f, -2, -2})] = true;
        }
        assertArrayEquals(new boolean[] {false, true, true, false, false}, drawn);
    }

    @Test
    void rejectsLogitsThatAreNoNumbers() {
        TokenChoice choice = new TokenChoice(GenerationConfig.greedy(1), 0);
        assertEquals(
                "logits must be numbers, got NaN for token 1: the weights are damaged or overflow",
                assertThrows(
                                IllegalStateException.class,
                                () -> choice.next(new float[] {0, Float.NaN, 2}))
                        .getMessage());
        assertEquals(1, choice.next(new float[] {Float.NEGATIVE_INFINITY, -7}));
    }

    @Test
    void rejectsNumbersOutOfRange() {
        assertMessage("maxNewTokens must be >= 1, got maxNewTokens=0", drawn().optMaxNewTokens(0));
        assertMessage(
                "temperature must be >= 0 and finite, got temperature=-1.0",
                drawn().optTemperature(-1));
        assertMessage("topK must be >= 0, got topK=-1", drawn().optTopK(-1));
        assertMessage("topP must be in (0, 1], got topP=0.0", drawn().optTopP(0));
        assertMessage(
                "repetitionPenalty must be >= 1 and finite, got repetitionPenalty=0.5",
                drawn().optRepetitionPenalty(0.5));
    }

    private static void assertMessage(String message, GenerationConfig.Builder builder) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }
}
